"""examples/sports-or-art.weft against bag-of-words logistic regressions of scikit-learn: macro-F1 over five
seeds times five folds. Both read the same training and test texts; the folds are those of Weft (data.seed,
data.folds, data.fold), the vocabulary comes from the training texts alone. The example must be better than
the plain regression by more than the standard error of the mean difference; the tuned ones are shown."""
import json
import os
import sys
import tempfile

try:
    import numpy as np
    from sklearn import __version__ as version
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.pipeline import make_pipeline
except ImportError:
    print("not run: scikit-learn is missing (python3-sklearn)")
    sys.exit(77)

from weft_tools import SOURCE, weft

SEEDS, FOLDS = range(1, 6), 5
PROJECT = os.path.join(SOURCE, "examples/sports-or-art.weft")


def regression(vectorizer, **options):
    return lambda: make_pipeline(vectorizer(), LogisticRegression(max_iter=1000, **options))


PEERS = {
    "counts, logistic regression": regression(CountVectorizer),
    "counts, classes weighted": regression(CountVectorizer, class_weight="balanced"),
    "tf-idf, classes weighted": regression(lambda: TfidfVectorizer(sublinear_tf=True), class_weight="balanced"),
}


def texts(project, split):
    rows = json.loads(weft("data", "preview", project, "--split", split, "--rows", 10**6, "--json"))["rows"]
    return [row["text"] for row in rows], [row["label"] for row in rows]


def main():
    scores = {name: [] for name in ["Weft", *PEERS]}
    with tempfile.TemporaryDirectory() as folder:
        with open(PROJECT) as file:
            project = json.load(file)
        for seed in SEEDS:
            for fold in range(FOLDS):
                project["data"].update({"seed": seed, "folds": FOLDS, "fold": fold, "validation": {"last": 0}})
                path, run = (os.path.join(folder, f"{seed}-{fold}{end}") for end in (".weft", ""))
                with open(path, "w") as file:
                    json.dump(project, file)
                weft("train", path, "--seed", seed, "--run-dir", run, "--follow", "jsonl")
                scores["Weft"].append(json.loads(weft("evaluate", run, "--checkpoint", "last", "--json"))["f1"])
                (train, train_labels), (test, test_labels) = texts(path, "train"), texts(path, "test")
                for name, peer in PEERS.items():
                    predicted = peer().fit(train, train_labels).predict(test)
                    scores[name].append(f1_score(test_labels, predicted, average="macro"))
    print(f"scikit-learn {version}, {len(scores['Weft'])} pairs, macro-F1")
    print(f"{'Weft':30} {np.mean(scores['Weft']):.4f}")
    for name in PEERS:
        values = scores[name]
        difference = np.array(scores["Weft"]) - np.array(values)
        error = difference.std(ddof=1) / np.sqrt(len(values))
        print(f"{name:30} {np.mean(values):.4f}  Weft is better by {difference.mean():+.4f}, standard error {error:.4f}")
        if name == next(iter(PEERS)):
            is_better = difference.mean() > error
    sys.exit(0 if is_better else 1)


main()
