"""The rows of the speed table."""
from dataclasses import dataclass, field


@dataclass
class Row:
    name: str
    project: str  # a file beside this one, or a template
    mode: str  # train, infer
    batch: int
    steps: int  # that one measurement times
    goal: float  # ratio to the best peer
    options: list = field(default_factory=list)  # of weft bench
    optimizer: str = ""  # where it is not the project's
    against: list = None  # options of a weft bench that is the peer, in place of other programs
    memory: float = None  # largest share of the peer's memory that is the goal


SGD = ["--set", "training.optimizer.type=sgd", "--set", "training.optimizer.momentum=0.9"]
ADAM = ["--set", "training.optimizer.type=adam"]
INCEPTION = "template:inception-v3-no-aux"
LEAN = ["--memory", "lean"]

ROWS = [
    Row("LeNet training, batch 64", "lenet5.weft", "train", 64, 200, 5.0),
    Row("LeNet training, batch 256", "lenet5.weft", "train", 256, 60, 5.0),
    Row("LeNet 3x3, 10 and 20 channels, batch 50", "lenet3x3.weft", "train", 50, 200, 3.5),
    Row("MLP training with SGD, batch 64", "mlp.weft", "train", 64, 200, 2.0, SGD, "sgd"),
    Row("MLP training with Adam, batch 64", "mlp.weft", "train", 64, 200, 3.0),
    Row("ResNet-18 on 32x32, training, batch 32", "resnet18.weft", "train", 32, 4, 1.9, memory=0.8),
    Row("Inception-v3, training, batch 8", INCEPTION, "train", 8, 1, 1.6, SGD, "sgd", memory=0.8),
    Row("Embedding and mean, training with SGD", "embedding_mean.weft", "train", 64, 300, 5.0),
    Row("Embedding and mean, training with Adam", "embedding_mean.weft", "train", 64, 300, 9.0, ADAM, "adam"),
    Row("Embedding and LSTM, training with SGD", "embedding_lstm.weft", "train", 64, 20, 3.5),
    Row("Embedding and LSTM, training with Adam", "embedding_lstm.weft", "train", 64, 20, 3.0, ADAM, "adam"),
    Row("Transformer encoder, training, batch 16", "transformer.weft", "train", 16, 4, 1.5),
    Row("LeNet inference, one image", "lenet5.weft", "infer", 1, 3000, 4.0),
    Row("ResNet-18 inference, one image", "resnet18.weft", "infer", 1, 60, 1.5),
    Row("Inception-v3 inference, one image", INCEPTION, "infer", 1, 12, 1.2),
    Row("ResNet-18 in bf16, over fp32 direct", "resnet18.weft", "train", 32, 4, 1.5, ["--precision", "bf16"], against=["--without", "winograd"]),
    Row("ResNet-18, --memory lean over normal", "resnet18.weft", "train", 32, 4, 0.74, LEAN, against=[], memory=0.6),
    Row("Inception-v3, --memory lean over normal", INCEPTION, "train", 8, 1, 0.74, [*SGD, *LEAN], against=SGD, memory=0.6),
]
