<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AdaptiveAveragePool2D</name>
    <message>
        <source>Shrinks an image to a given size by taking means.</source>
        <translation>通过取平均把图像缩小到给定的尺寸。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Height and width of the output, in pixels.</source>
        <translation>输出的高和宽，以像素为单位。</translation>
    </message>
    <message>
        <source>Cuts the image into as many parts as the output has pixels and takes the mean of each, so that what follows sees the same size whatever the input. Parts that the image cannot be cut into evenly overlap, as in PyTorch. It has nothing to learn.</source>
        <translation>把图像切成与输出像素一样多的部分，对每部分取平均，使后面的层无论输入多大都看到相同的尺寸。不能整除时各部分会重叠，与 PyTorch 相同。它没有可学习的参数。</translation>
    </message>
</context>
<context>
    <name>AdaptiveMaxPool2D</name>
    <message>
        <source>Shrinks an image to a given size by keeping the largest values.</source>
        <translation>通过保留最大值把图像缩小到给定的尺寸。</translation>
    </message>
    <message>
        <source>Cuts the image into as many parts as the output has pixels and keeps the largest value of each, so that what follows sees the same size whatever the input. Parts that the image cannot be cut into evenly overlap, as in PyTorch. It has nothing to learn.</source>
        <translation>把图像切成与输出像素一样多的部分，保留每部分的最大值，使后面的层无论输入多大都看到相同的尺寸。不能整除时各部分会重叠，与 PyTorch 相同。它没有可学习的参数。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Height and width of the output, in pixels.</source>
        <translation>输出的高和宽，以像素为单位。</translation>
    </message>
</context>
<context>
    <name>Add</name>
    <message>
        <source>Adds values of one shape, as in a skip connection.</source>
        <translation>把形状相同的值相加，例如跳跃连接。</translation>
    </message>
    <message>
        <source>Wire two or more values of the same shape into it. In residual networks it adds a block&apos;s input to its output, which lets gradients reach early layers.</source>
        <translation>接入两个或更多形状相同的值。在残差网络中，它把一个块的输入加到输出上，让梯度能够到达前面的层。</translation>
    </message>
</context>
<context>
    <name>Attention</name>
    <message>
        <source>%1 shares %2 features among %3 heads, which leaves a rest. Choose a number of heads that divides the features.</source>
        <translation>%1 把 %2 个特征分给 %3 个头，无法整除。请选择能整除特征数的头数。</translation>
    </message>
    <message>
        <source>Use one head</source>
        <translation>使用一个头</translation>
    </message>
    <message>
        <source>%1 needs one value for each key, but gets keys %2 and values %3.</source>
        <translation>%1 需要每个键对应一个值，但得到的键是 %2，值是 %3。</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>随机失活</translation>
    </message>
    <message>
        <source>Probability that a value is dropped while training, attention weights among them.</source>
        <translation>训练时丢弃一个值的概率，注意力权重也包括在内。</translation>
    </message>
    <message>
        <source>Causal</source>
        <translation>因果</translation>
    </message>
    <message>
        <source>Each step sees itself and what came before it, not what follows: for networks that continue a sequence.</source>
        <translation>每个时间步只看到自己和之前的内容，看不到之后的：用于续写序列的网络。</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>头数</translation>
    </message>
    <message>
        <source>How many patterns of attention are learned side by side; they share the features equally.</source>
        <translation>并行学习多少种注意力模式；它们平分特征。</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>Adds learned numbers to queries, keys, values and the output.</source>
        <translation>给查询、键、值和输出加上可学习的数。</translation>
    </message>
    <message>
        <source>%1 compares queries %2 with keys %3, whose features must be as many. Put a Dense layer before one.</source>
        <translation>%1 把查询 %2 与键 %3 相比较，两者的特征数必须相同。请在其中一个之前放置全连接层。</translation>
    </message>
</context>
<context>
    <name>Average</name>
    <message>
        <source>Takes the mean of values of one shape.</source>
        <translation>对形状相同的值取平均。</translation>
    </message>
    <message>
        <source>Wire two or more values of the same shape into it, for example the answers of several branches.</source>
        <translation>接入两个或更多形状相同的值，例如几个分支的输出。</translation>
    </message>
</context>
<context>
    <name>AveragePool1D</name>
    <message>
        <source>The border of AveragePool1D, %1, must be smaller than its window, %2.</source>
        <translation>一维平均池化的边框 %1 必须小于它的窗口 %2。</translation>
    </message>
    <message>
        <source>Use padding &quot;same&quot;</source>
        <translation>使用“保持尺寸”填充</translation>
    </message>
    <message>
        <source>Takes the mean of each window along a sequence.</source>
        <translation>沿序列取每个窗口的平均值。</translation>
    </message>
    <message>
        <source>Makes a sequence [N, length, features] shorter: a window of 2 with stride 2 halves it. It has nothing to learn.</source>
        <translation>使序列 [N, 长度, 特征] 变短：窗口为 2、步幅为 2 时减半。它没有可学习的参数。</translation>
    </message>
    <message>
        <source>Count the border</source>
        <translation>计入边框</translation>
    </message>
    <message>
        <source>Counts the zeros of the padding in the mean, as PyTorch does; off averages real steps only, as Keras does.</source>
        <translation>把填充的零计入平均值，与 PyTorch 相同；关闭时只平均真实的时间步，与 Keras 相同。</translation>
    </message>
</context>
<context>
    <name>AveragePool2D</name>
    <message>
        <source>Takes the mean of each window: shrinks an image.</source>
        <translation>取每个窗口的平均值：缩小图像。</translation>
    </message>
    <message>
        <source>Makes the image smaller by averaging, gentler than keeping the largest value. A 2 x 2 window with stride 2 halves height and width. It has nothing to learn.</source>
        <translation>用取平均的方式缩小图像，比保留最大值更柔和。2 x 2 的窗口配步幅 2 会使高和宽减半。它没有可学习的参数。</translation>
    </message>
    <message>
        <source>Count the border</source>
        <translation>计入边框</translation>
    </message>
    <message>
        <source>Counts the zeros of the padding in the mean, as PyTorch does; off averages real pixels only, as Keras does.</source>
        <translation>求平均时计入填充的零（与 PyTorch 相同）；关闭时只对真实像素求平均（与 Keras 相同）。</translation>
    </message>
</context>
<context>
    <name>AveragePool3D</name>
    <message>
        <source>Takes the mean of each box: shrinks a volume.</source>
        <translation>对每个小方块取平均：缩小体数据。</translation>
    </message>
    <message>
        <source>A 2 x 2 x 2 window with stride 2 halves depth, height and width, gentler than keeping the largest value. It has nothing to learn.</source>
        <translation>2 x 2 x 2 的窗口、步长 2 使深、高、宽都减半，比保留最大值更柔和。它没有可学习的参数。</translation>
    </message>
    <message>
        <source>Count the border</source>
        <translation>计入边框</translation>
    </message>
    <message>
        <source>Counts the zeros of the padding in the mean, as PyTorch does; off averages real elements only, as Keras does.</source>
        <translation>求平均时计入填充的零（与 PyTorch 相同）；关闭时只对真实元素求平均（与 Keras 相同）。</translation>
    </message>
</context>
<context>
    <name>BatchNorm</name>
    <message>
        <source>Keeps each channel around 0 with deviation 1 while training.</source>
        <translation>训练时让每个通道保持在 0 附近，标准差为 1。</translation>
    </message>
    <message>
        <source>Subtracts the batch&apos;s mean and divides by its deviation, channel by channel, then applies a learned scale and shift. It makes deep networks train faster and allows larger learning rates. Evaluation and prediction use running statistics gathered in training. Put it between a convolution and its activation.</source>
        <translation>逐通道减去本批的平均值并除以标准差，再做可学习的缩放和平移。它使深层网络训练更快，并允许更大的学习率。评估和预测使用训练中累积的统计量。请把它放在卷积和激活之间。</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>Share of each new batch in the running statistics. Keras counts the other way: its 0.9 is 0.1 here.</source>
        <translation>每个新批次在累积统计量中所占的比例。Keras 的算法相反：它的 0.9 在这里是 0.1。</translation>
    </message>
    <message>
        <source>Epsilon</source>
        <translation>Epsilon</translation>
    </message>
    <message>
        <source>Added to the variance, so that nothing is divided by 0.</source>
        <translation>加到方差上，避免除以 0。</translation>
    </message>
</context>
<context>
    <name>BinaryCrossEntropy</name>
    <message>
        <source>To tell two classes apart, BinaryCrossEntropy needs one score for each sample, [N, 1], but gets %1. Give the Dense layer before it one unit, or use CrossEntropy.</source>
        <translation>要区分两个类别，二元交叉熵需要每个样本一个分数 [N, 1]，但收到的是 %1。请让前面的全连接层只有一个单元，或改用交叉熵。</translation>
    </message>
    <message>
        <source>Compare with numbers</source>
        <translation>与数值比较</translation>
    </message>
    <message>
        <source>BinaryCrossEntropy contains sigmoid, so the Sigmoid before it squeezes the scores twice. Take it out.</source>
        <translation>二元交叉熵已包含 sigmoid，前面的 Sigmoid 会把分数压缩两次。请去掉它。</translation>
    </message>
    <message>
        <source>Take Sigmoid out</source>
        <translation>去掉 Sigmoid</translation>
    </message>
    <message>
        <source>The loss for answers of yes or no, one or several for each sample.</source>
        <translation>用于是非判断的损失，每个样本可以有一个或多个答案。</translation>
    </message>
    <message>
        <source>Target holds</source>
        <translation>目标内容</translation>
    </message>
    <message>
        <source>classes: a label column with two classes; numbers: a column or wire with numbers between 0 and 1.</source>
        <translation>classes：有两个类别的标签列；numbers：数值在 0 与 1 之间的列或连线。</translation>
    </message>
    <message>
        <source>Weight of yes</source>
        <translation>“是”的权重</translation>
    </message>
    <message>
        <source>How much a missed yes counts; above 1 for data in which yes is rare.</source>
        <translation>漏掉一个“是”的代价有多大；“是”很少见的数据应大于 1。</translation>
    </message>
    <message>
        <source>Label smoothing</source>
        <translation>标签平滑</translation>
    </message>
    <message>
        <source>Moves targets towards one half by this share, against overconfidence.</source>
        <translation>把目标按此比例移向二分之一，防止过度自信。</translation>
    </message>
    <message>
        <source>Takes raw scores (logits) and targets between 0 and 1 of the same shape; each score is judged by itself, so several may be yes at once. Predictions and exported models give the probabilities of sigmoid; for a label column with two classes those of both classes.</source>
        <translation>接受原始分数（logits）和形状相同、介于 0 和 1 之间的目标；每个分数单独判断，因此可以同时有多个“是”。预测和导出的模型给出 sigmoid 的概率；标签列有两个类别时给出两个类别的概率。</translation>
    </message>
</context>
<context>
    <name>Block</name>
    <message>
        <source>Where a value enters the block.</source>
        <translation>值进入模块的地方。</translation>
    </message>
    <message>
        <source>The block has an input of this node&apos;s id; what is wired to it comes out here.</source>
        <translation>模块有一个以此节点 id 为名的输入；接到该输入的值由此输出。</translation>
    </message>
    <message>
        <source>Where a value leaves the block.</source>
        <translation>值离开模块的地方。</translation>
    </message>
    <message>
        <source>The block has an output of this node&apos;s id, which gives what is wired in here.</source>
        <translation>模块有一个以此节点 id 为名的输出，它给出接入此处的值。</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>The picture %1 cannot be written: %2. Check that you may write there and that the disk is not full.</source>
        <translation>无法写入图片 %1：%2。请检查您是否有写入权限、磁盘是否已满。</translation>
    </message>
    <message>
        <source>The canvas is empty: there is nothing to export. Add a layer first.</source>
        <translation>画布是空的，没有可导出的内容。请先添加一个层。</translation>
    </message>
    <message>
        <source>A block without an id cannot be read.</source>
        <translation>没有 id 的模块无法读取。</translation>
    </message>
    <message>
        <source>The block cannot be saved as %1: %2.</source>
        <translation>模块无法保存为 %1：%2。</translation>
    </message>
    <message>
        <source>The canvas is empty: there is nothing to print. Add a layer first.</source>
        <translation>画布是空的：没有可打印的内容。请先添加一个层。</translation>
    </message>
    <message>
        <source>The printer %1 takes nothing. Check that it is switched on and connected.</source>
        <translation>打印机 %1 没有响应。请检查它是否已开机并已连接。</translation>
    </message>
    <message>
        <source>%1 cannot be written. Check that you may write there and that the disk is not full.</source>
        <translation>无法写入 %1。请检查您在那里是否有写权限，以及磁盘是否已满。</translation>
    </message>
    <message>
        <source>Printing failed. Look at the printer&apos;s queue for the reason.</source>
        <translation>打印失败。请在打印机的队列中查看原因。</translation>
    </message>
</context>
<context>
    <name>Category</name>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Convolution</source>
        <translation>卷积</translation>
    </message>
    <message>
        <source>Pooling</source>
        <translation>池化</translation>
    </message>
    <message>
        <source>Normalization</source>
        <translation>归一化</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>Core</source>
        <translation>核心</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Sequences</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>块数</translation>
    </message>
</context>
<context>
    <name>Checkpoint</name>
    <message>
        <source>%1 could not be opened: %2.</source>
        <translation>无法打开 %1：%2。</translation>
    </message>
    <message>
        <source>%1 is not a usable safetensors file: %2</source>
        <translation>%1 不是可用的 safetensors 文件：%2</translation>
    </message>
    <message>
        <source>it is shorter than its 8 byte prefix.</source>
        <translation>它比 8 字节的文件前缀还短。</translation>
    </message>
    <message>
        <source>its header should have %1 bytes, more than the file holds.</source>
        <translation>文件头应有 %1 字节，超过了整个文件的长度。</translation>
    </message>
    <message>
        <source>its header is not a JSON object (%1).</source>
        <translation>文件头不是 JSON 对象（%1）。</translation>
    </message>
    <message>
        <source>__metadata__ is not an object.</source>
        <translation>__metadata__ 不是对象。</translation>
    </message>
    <message>
        <source>the metadata entry %1 is not a text.</source>
        <translation>元数据项 %1 不是文本。</translation>
    </message>
    <message>
        <source>the element type of %1 is unknown.</source>
        <translation>%1 的元素类型未知。</translation>
    </message>
    <message>
        <source>%1 has no shape.</source>
        <translation>%1 没有形状。</translation>
    </message>
    <message>
        <source>the shape of %1 is impossible.</source>
        <translation>%1 的形状不合理。</translation>
    </message>
    <message>
        <source>the data offsets of %1 are no pair of positions.</source>
        <translation>%1 的数据偏移不是一对位置。</translation>
    </message>
    <message>
        <source>the data of %1 lie behind the end of the file: it was cut off.</source>
        <translation>%1 的数据位于文件末尾之后：文件被截断了。</translation>
    </message>
    <message>
        <source>the data of %1 do not have the size of its shape.</source>
        <translation>%1 的数据大小与其形状不符。</translation>
    </message>
    <message>
        <source>the data before %1 overlap or have a hole.</source>
        <translation>%1 之前的数据有重叠或空缺。</translation>
    </message>
    <message>
        <source>it has bytes that belong to no array.</source>
        <translation>文件中有不属于任何数组的字节。</translation>
    </message>
    <message>
        <source>reading it failed; the disk or the connection may be faulty.</source>
        <translation>读取失败；磁盘或连接可能有故障。</translation>
    </message>
    <message>
        <source>The file cannot be resumed from: its metadata have no usable &quot;%1&quot;. Weights alone can be given with --weights.</source>
        <translation>无法从该文件继续：其元数据中没有可用的“%1”。如果只要权重，可以用 --weights 指定。</translation>
    </message>
    <message>
        <source>The checkpoint has the schema &quot;%1&quot;, which this version of Weft does not know.</source>
        <translation>检查点的格式是“%1”，此版本的 Weft 不认识。</translation>
    </message>
    <message>
        <source>The weights &quot;%1&quot; have the shape %2 in the file, but the network needs %3. They belong to another network.</source>
        <translation>文件中权重“%1”的形状是 %2，而网络需要 %3。它们属于另一个网络。</translation>
    </message>
    <message>
        <source>The weights &quot;%1&quot; are %2 in the file, but the network needs %3.</source>
        <translation>文件中权重“%1”的类型是 %2，而网络需要 %3。</translation>
    </message>
    <message>
        <source>The checkpoint has no weights &quot;%1&quot;. It belongs to another network.</source>
        <translation>检查点中没有权重“%1”。它属于另一个网络。</translation>
    </message>
    <message>
        <source>The weights file has &quot;%1&quot;, which the network does not have. Its keys are like &quot;%2&quot;.</source>
        <translation>权重文件中有“%1”，而网络中没有。网络的键形如“%2”。</translation>
    </message>
    <message>
        <source>%1 is damaged: &quot;%2&quot; holds numbers that are NaN or infinite.</source>
        <translation>%1 已损坏：“%2”中含有 NaN 或无穷大。</translation>
    </message>
</context>
<context>
    <name>Choice</name>
    <message>
        <source>classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>numbers</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>glorotUniform</source>
        <translation>Glorot 均匀</translation>
    </message>
    <message>
        <source>glorotNormal</source>
        <translation>Glorot 正态</translation>
    </message>
    <message>
        <source>heUniform</source>
        <translation>He 均匀</translation>
    </message>
    <message>
        <source>heNormal</source>
        <translation>He 正态</translation>
    </message>
    <message>
        <source>lecunUniform</source>
        <translation>LeCun 均匀</translation>
    </message>
    <message>
        <source>lecunNormal</source>
        <translation>LeCun 正态</translation>
    </message>
    <message>
        <source>orthogonal</source>
        <translation>正交</translation>
    </message>
    <message>
        <source>truncatedNormal</source>
        <translation>截断正态</translation>
    </message>
    <message>
        <source>image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>nearest</source>
        <translation>最近邻</translation>
    </message>
    <message>
        <source>bilinear</source>
        <translation>双线性</translation>
    </message>
    <message>
        <source>relu</source>
        <translation>ReLU</translation>
    </message>
    <message>
        <source>gelu</source>
        <translation>GELU</translation>
    </message>
    <message>
        <source>sinusoidal</source>
        <translation>正弦</translation>
    </message>
    <message>
        <source>learned</source>
        <translation>可学习</translation>
    </message>
    <message>
        <source>valid</source>
        <translation>无填充</translation>
    </message>
    <message>
        <source>same</source>
        <translation>保持尺寸</translation>
    </message>
    <message>
        <source>explicit</source>
        <translation>自定边框</translation>
    </message>
</context>
<context>
    <name>ClassToken</name>
    <message>
        <source>ClassToken needs sequences of a fixed length, but gets %1. For sequences that vary, take MeanOverTime behind the encoder instead.</source>
        <translation>ClassToken 需要固定长度的序列，但收到的是 %1。对于长度变化的序列，请改用编码器后面的 MeanOverTime。</translation>
    </message>
    <message>
        <source>Puts a learned vector in front of a sequence, to gather what the whole says.</source>
        <translation>在序列前面放一个学到的向量，用来汇集整个序列的内容。</translation>
    </message>
    <message>
        <source>As in BERT and Vision Transformers: attention lets the first step collect what tells the class from all others. Put it before the PositionalEncoding, and a Slice of step 0 behind the last Transformer block.</source>
        <translation>与 BERT 和 Vision Transformer 中一样：注意力让第一步从其他各步收集判断类别的信息。请把它放在 PositionalEncoding 之前，并在最后一个 Transformer 块之后用 Slice 取出第 0 步。</translation>
    </message>
</context>
<context>
    <name>Cli</name>
    <message>
        <source>Usage:</source>
        <translation>用法：</translation>
    </message>
    <message>
        <source>Settings of the project, which --set changes:</source>
        <translation>项目的设置，可用 --set 更改：</translation>
    </message>
    <message>
        <source>--workers takes a number or two, such as 1..1024, not &quot;%1&quot;.</source>
        <translation>--workers 需要一个或两个数，例如 1..1024，而不是“%1”。</translation>
    </message>
    <message>
        <source>--script goes with hosts over SSH and Slurm, whose jobs are scripts.</source>
        <translation>--script 只适用于 SSH 主机和 Slurm，它们的作业是脚本。</translation>
    </message>
</context>
<context>
    <name>ClippedReLU</name>
    <message>
        <source>Passes values between 0 and a maximum and cuts off the rest.</source>
        <translation>让 0 与上限之间的值通过，其余截断。</translation>
    </message>
    <message>
        <source>y = min(max(0, x), maximum). With 6 it is the ReLU6 of MobileNet, whose bounded values fit into the small numbers of phones.</source>
        <translation>y = min(max(0, x), maximum)。取 6 时即 MobileNet 的 ReLU6，其有界的值适合手机上的低位数。</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>上限</translation>
    </message>
    <message>
        <source>The largest value that passes.</source>
        <translation>可通过的最大值。</translation>
    </message>
</context>
<context>
    <name>Concat</name>
    <message>
        <source>Concat joins along axis %1, so the other axes must agree, but it gets %2 and %3.</source>
        <translation>拼接层沿轴 %1 拼接，其他轴必须一致，但收到的是 %2 和 %3。</translation>
    </message>
    <message>
        <source>Joins values along an axis, one after the other.</source>
        <translation>沿一个轴把值依次拼接起来。</translation>
    </message>
    <message>
        <source>Wire two or more values into it; they are joined in the order of wiring. Joining branches along the channels (axis 1) is what Inception and DenseNet do. The other axes must agree.</source>
        <translation>接入两个或更多的值，按接线的顺序拼接。Inception 和 DenseNet 就是沿通道（轴 1）拼接各分支。其他轴必须一致。</translation>
    </message>
    <message>
        <source>Axis</source>
        <translation>轴</translation>
    </message>
    <message>
        <source>The axis to join along: 1 is the channels or features, −1 the last one. 0 is the batch and not allowed.</source>
        <translation>沿哪个轴拼接：1 是通道或特征，−1 是最后一个轴。0 是批，不允许使用。</translation>
    </message>
</context>
<context>
    <name>Conv1D</name>
    <message>
        <source>Slides learned filters along a sequence.</source>
        <translation>沿序列滑动学到的卷积核。</translation>
    </message>
    <message>
        <source>Each filter looks at a few steps of a sequence [N, length, features] and answers how well they match, with the same weights at every place. For signals, time series and embedded text.</source>
        <translation>每个卷积核查看序列 [N, 长度, 特征] 的几个时间步，并回答它们有多匹配，在每个位置使用同样的权重。适用于信号、时间序列和嵌入后的文本。</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>卷积核数</translation>
    </message>
    <message>
        <source>Number of filters: the features of the output.</source>
        <translation>卷积核的个数：输出的特征数。</translation>
    </message>
    <message>
        <source>Dilation</source>
        <translation>膨胀</translation>
    </message>
    <message>
        <source>Distance between the steps that the window looks at; 1 looks at neighbours.</source>
        <translation>窗口所看的时间步之间的距离；1 表示相邻。</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Splits features and filters into groups that do not see each other. Must divide both.</source>
        <translation>把特征和卷积核分成互不相见的组。必须整除两者。</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>Adds a learned number to each filter&apos;s answer.</source>
        <translation>给每个卷积核的回答加上一个学到的数。</translation>
    </message>
</context>
<context>
    <name>Conv2D</name>
    <message>
        <source>Slides learned filters over an image.</source>
        <translation>用学到的卷积核扫过图像。</translation>
    </message>
    <message>
        <source>Each filter looks at a small window and answers how well it matches; the same filter is used at every place. Early layers find edges, later ones parts and objects. Follow it by an activation such as ReLU.</source>
        <translation>每个卷积核查看一个小窗口，给出匹配的程度；每个位置都用同一个卷积核。前面的层找到边缘，后面的层找到部件和物体。后面请接 ReLU 等激活。</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>卷积核数</translation>
    </message>
    <message>
        <source>Number of filters: the channels of the output.</source>
        <translation>卷积核的个数，也就是输出的通道数。</translation>
    </message>
    <message>
        <source>Dilation</source>
        <translation>膨胀</translation>
    </message>
    <message>
        <source>Distance between the pixels that the window looks at; 1 looks at neighbours.</source>
        <translation>窗口所看像素之间的距离；1 表示相邻像素。</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Splits channels and filters into groups that do not see each other. Must divide both.</source>
        <translation>把通道和卷积核分成互不相见的组。必须能整除两者。</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>Adds a learned number to each filter&apos;s answer. Not needed before BatchNorm.</source>
        <translation>给每个卷积核的结果加上一个学到的数。后面是批归一化时不需要。</translation>
    </message>
</context>
<context>
    <name>Conv2DTranspose</name>
    <message>
        <source>The output padding of Conv2DTranspose, %1, must be smaller than its stride, %2.</source>
        <translation>转置卷积的输出填充 %1 必须小于它的步幅 %2。</translation>
    </message>
    <message>
        <source>Use no output padding</source>
        <translation>不使用输出填充</translation>
    </message>
    <message>
        <source>Conv2DTranspose takes more border away than it makes of %1, so nothing would be left. Use a smaller border.</source>
        <translation>转置卷积去掉的边框比它由 %1 得到的还多，结果什么也不剩。请使用更小的边框。</translation>
    </message>
    <message>
        <source>Use padding &quot;same&quot;</source>
        <translation>使用“保持尺寸”填充</translation>
    </message>
    <message>
        <source>%1 groups do not divide %2 input channels and %3 filters evenly.</source>
        <translation>%1 个分组不能整除 %2 个输入通道和 %3 个卷积核。</translation>
    </message>
    <message>
        <source>Use one group</source>
        <translation>只用一个分组</translation>
    </message>
    <message>
        <source>Enlarges an image with learned filters: a convolution run backwards.</source>
        <translation>用学到的卷积核放大图像：反向进行的卷积。</translation>
    </message>
    <message>
        <source>Every pixel stamps its filter, scaled by its value, onto the output, the stamps one stride apart. Generators, decoders and U-Nets use it to grow images; a kernel that the stride divides avoids checkerboards. The kernel is [in, filters, height, width].</source>
        <translation>每个像素把按其数值缩放的卷积核印到输出上，印记之间相距一个步幅。生成器、解码器和 U-Net 用它放大图像；核大小能被步幅整除时可避免棋盘格。权重的形状是 [输入通道, 卷积核, 高, 宽]。</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>卷积核数</translation>
    </message>
    <message>
        <source>Number of filters: the channels of the output.</source>
        <translation>卷积核的个数：输出的通道数。</translation>
    </message>
    <message>
        <source>Kernel size</source>
        <translation>核大小</translation>
    </message>
    <message>
        <source>Height and width of a stamp, in pixels.</source>
        <translation>一个印记的高和宽，以像素为单位。</translation>
    </message>
    <message>
        <source>Stride</source>
        <translation>步幅</translation>
    </message>
    <message>
        <source>Distance between stamps, down and across. 2 doubles the image.</source>
        <translation>印记之间向下和向右的距离。2 使图像加倍。</translation>
    </message>
    <message>
        <source>Padding</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>valid keeps all that is stamped; same gives stride times the size; explicit takes away what &quot;pad&quot; says.</source>
        <translation>“无填充”保留所有印上的像素；“保持尺寸”给出步幅乘以原尺寸；“自定边框”去掉“边框”所说的部分。</translation>
    </message>
    <message>
        <source>Border</source>
        <translation>边框</translation>
    </message>
    <message>
        <source>Pixels taken away above and below, and left and right, with explicit padding.</source>
        <translation>显式填充时，上下和左右去掉的像素数。</translation>
    </message>
    <message>
        <source>Output padding</source>
        <translation>输出填充</translation>
    </message>
    <message>
        <source>Rows added below and columns added right, with explicit padding; less than the stride.</source>
        <translation>显式填充时，下方增加的行数和右侧增加的列数；小于步幅。</translation>
    </message>
    <message>
        <source>Dilation</source>
        <translation>膨胀</translation>
    </message>
    <message>
        <source>Distance between the pixels of a stamp; 1 leaves no gaps.</source>
        <translation>印记中像素之间的距离；1 不留空隙。</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Splits channels and filters into groups that do not see each other. Must divide both.</source>
        <translation>把通道和卷积核分成互不相见的组。必须整除两者。</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>Adds a learned number to each filter&apos;s answer. Not needed before BatchNorm.</source>
        <translation>给每个卷积核的回答加上一个学到的数。在批归一化之前不需要。</translation>
    </message>
</context>
<context>
    <name>Conv3D</name>
    <message>
        <source>Slides learned filters through a volume.</source>
        <translation>让学到的卷积核在体数据中滑动。</translation>
    </message>
    <message>
        <source>As Conv2D, with one axis more: for scans made of slices, for short films and for fields on a grid. Each filter looks at a small box; computing and memory grow with the cube of the size, so begin with small volumes and few filters.</source>
        <translation>与 Conv2D 相同，但多一个轴：用于由切片组成的扫描、短视频和网格上的场。每个卷积核看一个小方块；计算量和内存随尺寸的立方增长，因此请从小的体数据和少量卷积核开始。</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>卷积核数</translation>
    </message>
    <message>
        <source>Number of filters: the channels of the output.</source>
        <translation>卷积核的个数：输出的通道数。</translation>
    </message>
    <message>
        <source>Dilation</source>
        <translation>膨胀</translation>
    </message>
    <message>
        <source>Distance between the elements that the window looks at; 1 looks at neighbours.</source>
        <translation>窗口所看的元素之间的距离；1 表示相邻。</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Splits channels and filters into groups that do not see each other. Must divide both.</source>
        <translation>把通道和卷积核分成互不相见的组。必须能整除两者。</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>Adds a learned number to each filter&apos;s answer. Not needed before BatchNorm.</source>
        <translation>给每个卷积核的回答加上一个学到的数。在 BatchNorm 之前不需要。</translation>
    </message>
</context>
<context>
    <name>CosineSimilarity</name>
    <message>
        <source>CosineSimilarity compares vectors, [N, features], but gets %1.</source>
        <translation>余弦相似度比较向量 [N, 特征]，但收到的是 %1。</translation>
    </message>
    <message>
        <source>The loss for predicting a direction: one minus the cosine of the angle.</source>
        <translation>用于预测方向的损失：一减去夹角的余弦。</translation>
    </message>
    <message>
        <source>Compares vectors along the last axis and ignores their lengths: 0 for the same direction, 1 for a right angle, 2 for the opposite direction. Used for embeddings, whose direction carries the meaning.</source>
        <translation>沿最后一个轴比较向量，忽略其长度：方向相同为 0，直角为 1，方向相反为 2。用于以方向表达含义的嵌入。</translation>
    </message>
</context>
<context>
    <name>Cropping2D</name>
    <message>
        <source>Cropping2D takes %1 rows and %2 columns away, but images of %3 x %4 do not have more, so nothing would be left. Take less away.</source>
        <translation>裁剪要去掉 %1 行和 %2 列，但 %3 x %4 的图像没有更多，结果什么也不剩。请少去掉一些。</translation>
    </message>
    <message>
        <source>Take nothing away</source>
        <translation>什么也不去掉</translation>
    </message>
    <message>
        <source>Cuts a border off an image.</source>
        <translation>切掉图像的边框。</translation>
    </message>
    <message>
        <source>Keeps the middle of an image, for example to bring the skip connections of a U-Net to the size of the branch they join. It has nothing to learn.</source>
        <translation>保留图像的中间部分，例如把 U-Net 的跳跃连接裁到所接分支的尺寸。它没有可学习的参数。</translation>
    </message>
    <message>
        <source>Border</source>
        <translation>边框</translation>
    </message>
    <message>
        <source>Pixels cut off above, below, left and right.</source>
        <translation>上、下、左、右切掉的像素数。</translation>
    </message>
</context>
<context>
    <name>CrossEntropy</name>
    <message>
        <source>The loss for choosing one of several classes.</source>
        <translation>用于从多个类别中选一个的损失。</translation>
    </message>
    <message>
        <source>Takes raw scores (logits), one for each class, and the index of the right class; gives −log of the probability that softmax puts on the right class. Predictions and exported models give the probabilities of softmax.</source>
        <translation>接收每个类别的原始分数（logits）和正确类别的编号，给出 softmax 对正确类别的概率的 −log。预测和导出的模型给出 softmax 的概率。</translation>
    </message>
    <message>
        <source>&quot;classWeights&quot; has %1 numbers, but there are %2 classes. Give one for each, or one for all.</source>
        <translation>“classWeights” 有 %1 个数，但有 %2 个类别。请为每个类别给一个数，或只给一个数。</translation>
    </message>
    <message>
        <source>Weigh all classes alike</source>
        <translation>所有类别权重相同</translation>
    </message>
    <message>
        <source>Label smoothing</source>
        <translation>标签平滑</translation>
    </message>
    <message>
        <source>This share of the target is spread over all classes, against overconfidence; 0.1 is usual.</source>
        <translation>目标的这一部分分摊到所有类别上，防止过度自信；通常为 0.1。</translation>
    </message>
    <message>
        <source>Class weights</source>
        <translation>类别权重</translation>
    </message>
    <message>
        <source>How much each class counts, in the order of the classes, for data with rare classes; one number for all.</source>
        <translation>每个类别的权重，按类别的顺序，用于有稀少类别的数据；只给一个数则用于全部。</translation>
    </message>
</context>
<context>
    <name>Cuda</name>
    <message>
        <source>The GPU refused %1: %2.</source>
        <translation>GPU 拒绝了一项操作（%1）：%2。</translation>
    </message>
    <message>
        <source>cuBLASLt could not be started on cuda:%1.</source>
        <translation>无法在 cuda:%1 上启动 cuBLASLt。</translation>
    </message>
    <message>
        <source>The memory of cuda:%1 is full: %2 MB more are needed. Choose a smaller batch, --memory lean, or close other programs that use the card.</source>
        <translation>cuda:%1 的显存已满：还需要 %2 MB。请选择更小的批大小、--memory lean，或关闭其他使用显卡的程序。</translation>
    </message>
    <message>
        <source>There is no device cuda:%1; this machine has %2 (weft devices lists them).</source>
        <translation>没有设备 cuda:%1；本机共有 %2 个（weft devices 可列出）。</translation>
    </message>
    <message>
        <source>cuBLASLt refused a product: %1.</source>
        <translation>cuBLASLt 拒绝了一次乘积：%1。</translation>
    </message>
    <message>
        <source>cuBLASLt knows no way to multiply [%1, %2] by [%2, %3].</source>
        <translation>cuBLASLt 无法计算 [%1, %2] 与 [%2, %3] 的乘积。</translation>
    </message>
    <message>
        <source>An optimizer has more numbers than its kernel takes.</source>
        <translation>某个优化器的参数多于其内核所能接受的数量。</translation>
    </message>
    <message>
        <source>NCCL could not add up gradients: %1. %2</source>
        <translation>NCCL 无法累加梯度：%1。%2</translation>
    </message>
    <message>
        <source>The card of another rank can no longer be reached: %1. %2</source>
        <translation>无法再连接到另一个进程的显卡：%1。%2</translation>
    </message>
    <message>
        <source>Rank %1 cannot train with the others: %2</source>
        <translation>进程 %1 无法与其他进程一起训练：%2</translation>
    </message>
    <message>
        <source>The ranks cannot train together.</source>
        <translation>各进程无法一起训练。</translation>
    </message>
    <message>
        <source>Several ranks on graphics cards need NVIDIA&apos;s NCCL, which cannot be opened here: %1.</source>
        <translation>多个进程在显卡上训练需要 NVIDIA 的 NCCL，但此处无法打开它：%1。</translation>
    </message>
    <message>
        <source>NCCL is too old here: it has no %1.</source>
        <translation>此处的 NCCL 过旧：它没有 %1。</translation>
    </message>
    <message>
        <source>This build has no NCCL, so several ranks cannot train on graphics cards; choose the device cpu, or one rank.</source>
        <translation>此版本没有 NCCL，因此多个进程不能在显卡上训练；请选择设备 cpu，或只用一个进程。</translation>
    </message>
    <message>
        <source>The ranks of this run have not joined their graphics cards.</source>
        <translation>此次运行的各进程尚未连接它们的显卡。</translation>
    </message>
    <message>
        <source>Graphics cards send gradients in float32: set training.distributed.compression to none.</source>
        <translation>显卡以 float32 传输梯度：请将 training.distributed.compression 设为 none。</translation>
    </message>
    <message>
        <source>The cards of the ranks did not come together within %1 s. See whether another rank has ended, and whether a firewall lies between the machines.</source>
        <translation>各进程的显卡未能在 %1 秒内建立连接。请查看是否有其他进程已结束，以及机器之间是否有防火墙。</translation>
    </message>
    <message>
        <source>cuDNN failed: %1. %2</source>
        <translation>cuDNN 出错：%1。%2</translation>
    </message>
    <message>
        <source>The memory of the GPU is full: it refused %1. Choose a smaller batch, --memory lean, or close other programs that use the card.</source>
        <translation>GPU 的显存已满（%1）。请减小批大小、使用 --memory lean，或关闭占用该显卡的其他程序。</translation>
    </message>
    <message>
        <source>The GPU is busy: it refused %1 (%2). Another program has it for itself; wait for it to end, or choose another device: weft devices lists them.</source>
        <translation>GPU 正忙（%1：%2）。另一个程序独占了它；请等它结束，或选择其他设备：weft devices 会列出它们。</translation>
    </message>
    <message>
        <source>This build of Weft has no code for the GPU: it refused %1 (%2). Build it for this card (cmake --preset cuda -DCMAKE_CUDA_ARCHITECTURES=native), or choose another device.</source>
        <translation>此 Weft 构建没有适用于该 GPU 的代码：它拒绝了 %1（%2）。请为此显卡构建（cmake --preset cuda -DCMAKE_CUDA_ARCHITECTURES=native），或选择其他设备。</translation>
    </message>
    <message>
        <source>The GPU was lost (%1: %2). This process cannot use it any more; the system&apos;s log says why (dmesg, nvidia-smi). A run goes on from its last checkpoint: weft train --resume --run-dir DIR, with --device cpu on the processor.</source>
        <translation>GPU 已失去（%1：%2）。此进程无法再使用它；原因见系统日志（dmesg、nvidia-smi）。训练可从最后一个检查点继续：weft train --resume --run-dir DIR，加 --device cpu 则在处理器上继续。</translation>
    </message>
    <message>
        <source>%1 is too old for this build of Weft: it has compute capability %2, and %3 is needed. Choose another device.</source>
        <translation>%1 对此 Weft 构建来说太旧：其计算能力为 %2，而需要 %3。请选择其他设备。</translation>
    </message>
    <message>
        <source>A card pools no more than 2147483647 elements of one sample, and these are %1. Compute on the processor.</source>
        <translation>GPU 最多池化一个样本的 2147483647 个元素，而这里有 %1 个。请改用处理器计算。</translation>
    </message>
</context>
<context>
    <name>Data</name>
    <message>
        <source>%1 has no rows below the names of its columns.</source>
        <translation>%1 在列名之下没有数据行。</translation>
    </message>
    <message>
        <source>%1 has a single column, &quot;%2&quot;. At least one of numbers and one of labels are needed.</source>
        <translation>%1 只有一列“%2”。至少需要一列数值和一列标签。</translation>
    </message>
    <message>
        <source>%1 has no column &quot;%2&quot; for the labels. The nearest is &quot;%3&quot;.</source>
        <translation>%1 没有标签列“%2”。最接近的是“%3”。</translation>
    </message>
    <message>
        <source>Line %2 of %1 has no value in the column &quot;%3&quot;. Fill it in or remove the line.</source>
        <translation>%1 第 %2 行的“%3”列没有值。请补上该值或删除该行。</translation>
    </message>
    <message>
        <source>Line %2 of %1 has &quot;%4&quot; in the column &quot;%3&quot;, where a number is expected.</source>
        <translation>%1 第 %2 行的“%3”列是“%4”，而这里应为数值。</translation>
    </message>
    <message>
        <source>Opening the data was cancelled.</source>
        <translation>已取消打开数据。</translation>
    </message>
    <message>
        <source>%1 has no column of numbers beside the labels in &quot;%2&quot;.</source>
        <translation>%1 除标签列“%2”外没有数值列。</translation>
    </message>
    <message>
        <source>Columns without a name or with text are left out: %1.</source>
        <translation>没有列名或含有文本的列已略去：%1。</translation>
    </message>
    <message>
        <source>The label column &quot;%2&quot; of %1 holds &quot;%3&quot;, which is no number.</source>
        <translation>%1 的标签列“%2”含有“%3”，它不是数值。</translation>
    </message>
    <message>
        <source>The label column &quot;%2&quot; of %1 holds %3 different texts in %4 rows. Choose another column with &quot;labelColumn&quot;.</source>
        <translation>%1 的标签列“%2”在 %4 行中有 %3 种不同的文本。请用“labelColumn”选择另一列。</translation>
    </message>
    <message>
        <source>%1 is not there.</source>
        <translation>%1 不存在。</translation>
    </message>
    <message>
        <source>%1 cannot be opened: %2.</source>
        <translation>无法打开 %1：%2。</translation>
    </message>
    <message>
        <source>%1 is empty. A first line with the names of the columns and one line a sample are expected.</source>
        <translation>%1 是空的。第一行应为列名，之后每行一个样本。</translation>
    </message>
    <message>
        <source>%1 has two columns named &quot;%2&quot;. Rename one of them.</source>
        <translation>%1 有两列都叫“%2”。请将其中一列改名。</translation>
    </message>
    <message>
        <source>The first line of %1 must name the columns; it holds only numbers. Put a line with names above it.</source>
        <translation>%1 的第一行必须是列名，但它只含数值。请在其上方加一行列名。</translation>
    </message>
    <message>
        <source>Line %2 of %1 opens a quote that is never closed.</source>
        <translation>%1 第 %2 行的引号没有闭合。</translation>
    </message>
    <message>
        <source>Line %2 of %1 has %3 fields, the first line names %4 columns.</source>
        <translation>%1 第 %2 行有 %3 个字段，而第一行有 %4 个列名。</translation>
    </message>
    <message>
        <source>The data setting &quot;%1&quot; must be %2.</source>
        <translation>数据设置“%1”必须是 %2。</translation>
    </message>
    <message>
        <source>Unknown data setting &quot;%1&quot;. Known here: %2.</source>
        <translation>未知的数据设置“%1”。此处可用：%2。</translation>
    </message>
    <message>
        <source>The project&apos;s data must be a map with a &quot;source&quot;.</source>
        <translation>项目的 data 必须是含有“source”的映射。</translation>
    </message>
    <message>
        <source>The project names no data. Choose a data set, a folder or a table.</source>
        <translation>项目没有指定数据。请选择数据集、文件夹或表格。</translation>
    </message>
    <message>
        <source>Unknown data source &quot;%1&quot;. Known here: %2.</source>
        <translation>未知的数据源“%1”。此处可用：%2。</translation>
    </message>
    <message>
        <source>The data source &quot;%1&quot; needs a &quot;path&quot;.</source>
        <translation>数据源“%1”需要“path”。</translation>
    </message>
    <message>
        <source>%1 is not there, and no data set is called so. weft data list shows the data sets.</source>
        <translation>%1 不存在，也没有这个名称的数据集。weft data list 会列出数据集。</translation>
    </message>
    <message>
        <source>%1 is not there. Did you mean the data set %2?</source>
        <translation>%1 不存在。是指数据集 %2 吗？</translation>
    </message>
    <message>
        <source>Fashion-MNIST</source>
        <translation>Fashion-MNIST</translation>
    </message>
    <message>
        <source>70,000 grey pictures of clothes, 28 x 28, in 10 classes.</source>
        <translation>70,000 张 28 x 28 的灰度服饰图像，共 10 个类别。</translation>
    </message>
    <message>
        <source>Install the package: sudo apt install dataset-fashion-mnist</source>
        <translation>请安装软件包：sudo apt install dataset-fashion-mnist</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>无法读取 %1：%2。</translation>
    </message>
    <message>
        <source>%1 has no labels beside it: %2 is missing.</source>
        <translation>%1 旁边没有标签文件：缺少 %2。</translation>
    </message>
    <message>
        <source>%1 holds several sets of images (%2, %3). Name the file of the training images instead.</source>
        <translation>%1 中有多组图像（%2、%3）。请改为指定训练图像的文件。</translation>
    </message>
    <message>
        <source>%1 holds no IDX images: a file such as train-images-idx3-ubyte.gz is expected.</source>
        <translation>%1 中没有 IDX 图像：应有类似 train-images-idx3-ubyte.gz 的文件。</translation>
    </message>
    <message>
        <source>%1 does not look like IDX images: the name should hold &quot;images&quot; and &quot;idx&quot;.</source>
        <translation>%1 不像是 IDX 图像：文件名应含有“images”和“idx”。</translation>
    </message>
    <message>
        <source>%1 does not hold images: unsigned bytes [samples, height, width] are expected, it has %2.</source>
        <translation>%1 中不是图像：应为无符号字节 [样本, 高, 宽]，实际为 %2。</translation>
    </message>
    <message>
        <source>%1 holds %2 images but %3 holds %4 labels: they do not belong together.</source>
        <translation>%1 有 %2 张图像，而 %3 有 %4 个标签：两者不属于同一数据集。</translation>
    </message>
    <message>
        <source>%1 has label %2 at sample %3, but there are %4 classes (0 to %5).</source>
        <translation>%1 中第 %3 个样本的标签是 %2，但只有 %4 个类别（0 至 %5）。</translation>
    </message>
    <message>
        <source>%1 holds samples of shape %2, the training images have %3: they do not belong together.</source>
        <translation>%1 的样本形状是 %2，而训练图像是 %3：两者不属于同一数据集。</translation>
    </message>
    <message>
        <source>Fashion-MNIST is not on this machine (looked in %1). Install the package: sudo apt install dataset-fashion-mnist</source>
        <translation>本机没有 Fashion-MNIST（已在 %1 中查找）。请安装软件包：sudo apt install dataset-fashion-mnist</translation>
    </message>
    <message>
        <source>%1 is longer than its head says: it is no IDX file or damaged. Get it again.</source>
        <translation>%1 比文件头所述更长：它不是 IDX 文件或已损坏。请重新获取。</translation>
    </message>
    <message>
        <source>%1 ends early: it holds %2 of %3 bytes. Get it again.</source>
        <translation>%1 不完整：应有 %3 字节，只有 %2 字节。请重新获取。</translation>
    </message>
    <message>
        <source>%1 ends early: the compressed data is cut off. Get it again.</source>
        <translation>%1 不完整：压缩数据被截断。请重新获取。</translation>
    </message>
    <message>
        <source>%1 is damaged (%2). Get it again.</source>
        <translation>%1 已损坏（%2）。请重新获取。</translation>
    </message>
    <message>
        <source>%1 is not an IDX file: its first four bytes are wrong. Get it again or choose another file.</source>
        <translation>%1 不是 IDX 文件：前四个字节不正确。请重新获取或选择其他文件。</translation>
    </message>
    <message>
        <source>%1 ends early: it has no complete head. Get it again.</source>
        <translation>%1 不完整：文件头残缺。请重新获取。</translation>
    </message>
    <message>
        <source>%1 is empty: its head names a size of 0.</source>
        <translation>%1 是空的：文件头给出的大小为 0。</translation>
    </message>
    <message>
        <source>%1 does not hold labels: a list of unsigned bytes or 32-bit integers is expected.</source>
        <translation>%1 中不是标签：应为无符号字节或 32 位整数的列表。</translation>
    </message>
    <message>
        <source>Folders without pictures are no classes: %1.</source>
        <translation>没有图像的文件夹不算作类别：%1。</translation>
    </message>
    <message>
        <source>The picture %1 cannot be read: %2. Mend or remove it.</source>
        <translation>无法读取图像 %1：%2。请修复或删除它。</translation>
    </message>
    <message>
        <source>Broken pictures are left out: %1.</source>
        <translation>损坏的图像已略去：%1。</translation>
    </message>
    <message>
        <source>Pictures of another size than %1 x %2 are rescaled: %3.</source>
        <translation>大小不是 %1 x %2 的图像已缩放：%3。</translation>
    </message>
    <message>
        <source>%1 holds pictures of the class &quot;%2&quot;, which the training folder lacks.</source>
        <translation>%1 中有类别“%2”的图像，而训练文件夹中没有该类别。</translation>
    </message>
    <message>
        <source>%1 is a file. Choose the folder that holds one folder of pictures for each class.</source>
        <translation>%1 是文件。请选择一个文件夹，其中每个类别各有一个图像子文件夹。</translation>
    </message>
    <message>
        <source>%1 holds no pictures. One folder for each class is expected, with png, jpg, bmp or webp files in it.</source>
        <translation>%1 中没有图像。每个类别应各有一个文件夹，其中放 png、jpg、bmp 或 webp 文件。</translation>
    </message>
    <message>
        <source>Of %1 samples, %2 are set aside for validation and %3 for testing: none is left to train on.</source>
        <translation>%1 个样本中，%2 个留作验证，%3 个留作测试：没有剩下可供训练的样本。</translation>
    </message>
    <message>
        <source>%1 holds a single class, &quot;%2&quot;: there is nothing to tell apart. Add samples of a second class.</source>
        <translation>%1 只有一个类别“%2”：无从区分。请加入第二个类别的样本。</translation>
    </message>
    <message>
        <source>None of the %1 pictures in %2 can be read. The first is %3.</source>
        <translation>%2 中的 %1 张图像都无法读取。第一张是 %3。</translation>
    </message>
    <message>
        <source>%1 has readable pictures of a single class, &quot;%2&quot;; %3 of the others are broken, such as %4. Mend them.</source>
        <translation>%1 中只有一个类别“%2”的图像可读；其余有 %3 张已损坏，例如 %4。请修复它们。</translation>
    </message>
    <message>
        <source>The data setting &quot;%1&quot; is &quot;%2&quot;. It can be: %3.</source>
        <translation>数据设置“%1”为“%2”。可选值：%3。</translation>
    </message>
    <message>
        <source>The data setting &quot;fold&quot; needs &quot;folds&quot;, the number of folds.</source>
        <translation>数据设置“fold”还需要“folds”，即折数。</translation>
    </message>
    <message>
        <source>The data settings &quot;folds&quot; and &quot;test&quot; both name the test samples. Remove one of them.</source>
        <translation>数据设置“folds”和“test”都指定了测试样本。请去掉其中一个。</translation>
    </message>
    <message>
        <source>Fortunes: sports or art</source>
        <translation>Fortunes：体育或艺术</translation>
    </message>
    <message>
        <source>612 English quotations on sports or art; data.files chooses other topics.</source>
        <translation>612 条关于体育或艺术的英文语录；可用 data.files 选择其他主题。</translation>
    </message>
    <message>
        <source>Install the package: sudo apt install fortunes</source>
        <translation>请安装软件包：sudo apt install fortunes</translation>
    </message>
    <message>
        <source>Fortunes: Tang poems</source>
        <translation>Fortunes：唐诗</translation>
    </message>
    <message>
        <source>313 poems of the Tang dynasty and 5,361 other Chinese texts.</source>
        <translation>313 首唐诗和 5,361 条其他中文文本。</translation>
    </message>
    <message>
        <source>Install the package: sudo apt install fortunes-zh</source>
        <translation>请安装软件包：sudo apt install fortunes-zh</translation>
    </message>
    <message>
        <source>%1 samples do not make %2 folds. Lower the data setting &quot;folds&quot;.</source>
        <translation>%1 个样本不足以分成 %2 折。请减小数据设置“folds”。</translation>
    </message>
    <message>
        <source>The label column of %1 holds %2 different texts in %3 rows. Choose another column with &quot;labelColumn&quot;.</source>
        <translation>%1 的标签列在 %3 行中有 %2 个不同的文本。请用“labelColumn”选择另一列。</translation>
    </message>
    <message>
        <source>%1 texts are longer than %2 tokens; sequences hold only their beginning. data.maxLength sets the limit.</source>
        <translation>有 %1 条文本超过 %2 个词元；序列只保留其开头。此上限由 data.maxLength 设定。</translation>
    </message>
    <message>
        <source>The fortunes are not on this machine (looked in %1). Install the package: sudo apt install %2</source>
        <translation>本机没有 fortunes 数据（查找位置：%1）。请安装软件包：sudo apt install %2</translation>
    </message>
    <message>
        <source>%1 is no vocabulary of a run: it has no usable &quot;%2&quot;.</source>
        <translation>%1 不是运行的词表：没有可用的“%2”。</translation>
    </message>
    <message>
        <source>%1 was written by a newer version of Weft. Update Weft to use it.</source>
        <translation>%1 由更新版本的 Weft 写成。请更新 Weft 后再使用。</translation>
    </message>
    <message>
        <source>This system cannot read GB18030: its C library lacks the table. Save the text in UTF-8.</source>
        <translation>本系统无法读取 GB18030：其 C 库缺少编码表。请将文本保存为 UTF-8。</translation>
    </message>
    <message>
        <source>Line %2 of %1 is not UTF-8 text. Mend it, or save the file in UTF-8.</source>
        <translation>%1 的第 %2 行不是 UTF-8 文本。请修复该行，或将文件保存为 UTF-8。</translation>
    </message>
    <message>
        <source>Line %2 of %1 is neither UTF-8 nor GB18030 text. Mend it, or save the file in UTF-8.</source>
        <translation>%1 的第 %2 行既不是 UTF-8 也不是 GB18030 文本。请修复该行，或将文件保存为 UTF-8。</translation>
    </message>
    <message>
        <source>%1 has no file &quot;%2&quot; with texts.</source>
        <translation>%1 中没有文本文件“%2”。</translation>
    </message>
    <message>
        <source>%1 has no file &quot;%2&quot; with texts. The nearest is &quot;%3&quot;.</source>
        <translation>%1 中没有文本文件“%2”。最接近的是“%3”。</translation>
    </message>
    <message>
        <source>%1 holds no texts. One file for each class is expected: a text a line, or fortunes between lines of %.</source>
        <translation>%1 中没有文本。应为每个类别一个文件：每行一条文本，或以只含 % 的行分隔的 fortune。</translation>
    </message>
    <message>
        <source>The data setting &quot;classNames&quot; must name the class of each of the %1 files; it has %2 names.</source>
        <translation>数据设置“classNames”必须给出 %1 个文件各自的类别；现有 %2 个名称。</translation>
    </message>
    <message>
        <source>%1 has no column &quot;%2&quot; for the texts. The nearest is &quot;%3&quot;.</source>
        <translation>%1 中没有用作文本的列“%2”。最接近的是“%3”。</translation>
    </message>
    <message>
        <source>%1 has a single column, &quot;%2&quot;. One of texts and one of labels are needed.</source>
        <translation>%1 只有一列“%2”。需要一列文本和一列标签。</translation>
    </message>
    <message>
        <source>The column &quot;%2&quot; of %1 cannot be both the text and the label.</source>
        <translation>%1 的列“%2”不能既是文本又是标签。</translation>
    </message>
    <message>
        <source>%1 holds no text. A text a line, or fortunes between lines of %, are expected.</source>
        <translation>%1 中没有文本。应为每行一条文本，或以只含 % 的行分隔的 fortune。</translation>
    </message>
    <message>
        <source>%1 is a single file of texts. Choose a folder with one file for each class, or a CSV table with a label column.</source>
        <translation>%1 是单个文本文件。请选择每个类别一个文件的文件夹，或带标签列的 CSV 表格。</translation>
    </message>
    <message>
        <source>Generated samples</source>
        <translation>生成的样本</translation>
    </message>
    <message>
        <source>Striped discs in 10 classes, made by chance, to try a network out before its data are there.</source>
        <translation>随机生成的 10 类条纹圆盘，用于在数据就绪之前试验网络。</translation>
    </message>
    <message>
        <source>Generated pictures have 1 (grey) or 3 (colour) channels, not %1: give &quot;shape&quot; as [3, 64, 64].</source>
        <translation>生成的图片有 1 个（灰度）或 3 个（彩色）通道，而不是 %1 个：请将“shape”写成 [3, 64, 64] 这样的形式。</translation>
    </message>
    <message>
        <source>The picture %1 is not in the part of the data that lies here: they were cut for other ranks, batches or hosts.</source>
        <translation>图片 %1 不在这里的那部分数据中：数据是为其他进程、批次或主机切分的。</translation>
    </message>
    <message>
        <source>%1 is damaged. Have the data cut and sent again.</source>
        <translation>%1 已损坏。请重新切分并发送数据。</translation>
    </message>
    <message>
        <source>The picture %1 is not the one that the data were cut from: it has another size. Remove the folder %2, so that it is sent again.</source>
        <translation>图片 %1 不是切分数据时的那一张：大小不同。请删除文件夹 %2，以便重新发送。</translation>
    </message>
</context>
<context>
    <name>Dense</name>
    <message>
        <source>Dense needs rows of features [N, features], but gets %1.</source>
        <translation>全连接层需要由特征组成的行 [N, 特征数]，但收到的是 %1。</translation>
    </message>
    <message>
        <source>Dense sees only the last axis: of %1 it takes rows of %2 numbers, not the whole image. Put Flatten before it.</source>
        <translation>全连接层只看最后一个轴：对 %1 它取的是每行 %2 个数，而不是整幅图像。请在它前面放展平层。</translation>
    </message>
    <message>
        <source>Insert Flatten</source>
        <translation>插入展平层</translation>
    </message>
    <message>
        <source>Every output sees every input: y = x W + b.</source>
        <translation>每个输出都看到每个输入：y = x W + b。</translation>
    </message>
    <message>
        <source>The fully connected layer. The last one has as many units as there are classes and no activation after it: the loss adds softmax. Between two Dense layers put an activation such as ReLU, or they act as one.</source>
        <translation>全连接层。最后一层的单元数等于类别数，后面不放激活：损失会加上 softmax。两个全连接层之间要放 ReLU 等激活，否则它们等同于一层。</translation>
    </message>
    <message>
        <source>Units</source>
        <translation>单元数</translation>
    </message>
    <message>
        <source>Features of the output; for the last layer the number of classes.</source>
        <translation>输出的特征数；最后一层是类别数。</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>Adds a learned number to each output.</source>
        <translation>给每个输出加上一个学到的数。</translation>
    </message>
</context>
<context>
    <name>DepthwiseConv2D</name>
    <message>
        <source>Slides a filter of its own over each channel of an image.</source>
        <translation>让每个通道各自的卷积核滑过图像。</translation>
    </message>
    <message>
        <source>Channels do not see each other, so it needs far fewer weights than Conv2D. Followed by a 1 x 1 Conv2D, which mixes the channels, it is the building block of MobileNet.</source>
        <translation>通道之间互不相见，因此需要的权重比二维卷积层少得多。后接混合通道的 1 x 1 二维卷积层，就是 MobileNet 的基本模块。</translation>
    </message>
    <message>
        <source>Dilation</source>
        <translation>膨胀</translation>
    </message>
    <message>
        <source>Distance between the pixels that the window looks at; 1 looks at neighbours.</source>
        <translation>窗口所看的像素之间的距离；1 表示相邻。</translation>
    </message>
    <message>
        <source>Multiplier</source>
        <translation>倍数</translation>
    </message>
    <message>
        <source>Filters for each channel; the output has this many times the channels.</source>
        <translation>每个通道的卷积核数；输出的通道数是输入的这么多倍。</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>Adds a learned number to each filter&apos;s answer. Not needed before BatchNorm.</source>
        <translation>给每个卷积核的回答加上一个学到的数。在批归一化之前不需要。</translation>
    </message>
</context>
<context>
    <name>Device</name>
    <message>
        <source>The CUDA plugin offers no device.</source>
        <translation>CUDA 插件没有提供设备。</translation>
    </message>
    <message>
        <source>No CUDA card was found.</source>
        <translation>没有找到 CUDA 显卡。</translation>
    </message>
    <message>
        <source>The memory is full: %1 MB more are needed. Choose a smaller batch or close other programs.</source>
        <translation>内存已满：还需要 %1 MB。请减小批大小或关闭其他程序。</translation>
    </message>
    <message>
        <source>The run needs %1 ranks, but %2 were started. Nothing was trained.</source>
        <translation>运行需要 %1 个进程，但只启动了 %2 个。没有进行任何训练。</translation>
    </message>
    <message>
        <source>This Open MPI lets only one thread send at a time, but Weft sends gradients while it computes. Install Debian&apos;s libopenmpi3.</source>
        <translation>此 Open MPI 同一时间只允许一个线程发送，而 Weft 在计算的同时发送梯度。请安装 Debian 的 libopenmpi3。</translation>
    </message>
    <message>
        <source>Rank %1 on %2 has given no sign of life for %3 seconds. The run ends here; resume it from its last checkpoint.</source>
        <translation>%2 上的进程 %1 已有 %3 秒没有响应。运行到此结束；可从最后一个检查点继续。</translation>
    </message>
    <message>
        <source>Rank %1 on %2 has given no sign of life for %3 seconds. The run waits for it up to %4 seconds.</source>
        <translation>%2 上的进程 %1 已有 %3 秒没有响应。运行最多等待 %4 秒。</translation>
    </message>
    <message>
        <source>%1 processes were started, but MPI of this one knows only %2. Start them by mpirun, or by srun --mpi=pmix. Nothing was trained.</source>
        <translation>已启动 %1 个进程，但此进程的 MPI 只知道 %2 个。请用 mpirun 或 srun --mpi=pmix 启动。没有进行任何训练。</translation>
    </message>
</context>
<context>
    <name>Dot</name>
    <message>
        <source>Dot multiplies vectors, [N, features], but gets %1.</source>
        <translation>点积层把向量 [N, 特征] 相乘，但收到的是 %1。</translation>
    </message>
    <message>
        <source>Multiplies two vectors into one number that says how alike they are.</source>
        <translation>把两个向量乘成一个数，表示它们有多相似。</translation>
    </message>
    <message>
        <source>The sum of the products along the last axis: [N, features] twice becomes [N, 1]. Normalised it is the cosine of the angle, from −1 to 1. Used to compare two branches, as in recommenders and siamese networks.</source>
        <translation>沿最后一个轴的乘积之和：两个 [N, 特征] 变成 [N, 1]。归一化后是夹角的余弦，从 −1 到 1。用于比较两个分支，例如推荐系统和孪生网络。</translation>
    </message>
    <message>
        <source>Normalise</source>
        <translation>归一化</translation>
    </message>
    <message>
        <source>Divides by the lengths of both vectors, which gives the cosine of the angle.</source>
        <translation>除以两个向量的长度，得到夹角的余弦。</translation>
    </message>
</context>
<context>
    <name>Dropout</name>
    <message>
        <source>Zeroes values at random while training, against overfitting.</source>
        <translation>训练时随机把一些值置零，防止过拟合。</translation>
    </message>
    <message>
        <source>While training, each value is dropped with the given probability and the others are scaled up to keep the mean, so the network cannot lean on single values. In evaluation and prediction it does nothing.</source>
        <translation>训练时按给定的概率丢弃每个值，其余的值放大以保持平均，使网络不能依赖单个值。评估和预测时它不起作用。</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>丢弃率</translation>
    </message>
    <message>
        <source>Probability that a value is dropped.</source>
        <translation>一个值被丢弃的概率。</translation>
    </message>
</context>
<context>
    <name>ELU</name>
    <message>
        <source>Passes positive values and bends negative ones towards −alpha.</source>
        <translation>正值原样通过，负值平滑地趋向 −alpha。</translation>
    </message>
    <message>
        <source>Smooth for negative values and centred closer to 0 than ReLU. y = x where x &gt; 0, else alpha · (exp(x) − 1).</source>
        <translation>对负值平滑，输出的均值比 ReLU 更接近 0。x &gt; 0 时 y = x，否则 y = alpha · (exp(x) − 1)。</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation>Alpha</translation>
    </message>
    <message>
        <source>The value that strongly negative inputs come close to, without its sign.</source>
        <translation>输入为很大的负值时输出所趋近的值，不含符号。</translation>
    </message>
</context>
<context>
    <name>Embedding</name>
    <message>
        <source>Embedding looks up words by their numbers, but gets %1 %2. Set the kind of the Input to tokens.</source>
        <translation>词嵌入层按编号查找词语，但收到的是 %1 %2。请把输入层的种类设为词元。</translation>
    </message>
    <message>
        <source>Turns the number of a word into a learned vector.</source>
        <translation>把词语的编号变成可学习的向量。</translation>
    </message>
    <message>
        <source>A table with one row for each word of the vocabulary; [N, length] becomes [N, length, dimension]. Words that are used alike get rows that are alike. Every network that reads text begins with it.</source>
        <translation>一张表，词汇表中的每个词占一行；[N, length] 变成 [N, length, dimension]。用法相近的词会得到相近的行。每个读取文本的网络都从它开始。</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>词汇量</translation>
    </message>
    <message>
        <source>Rows of the table: one more than the largest number of a word.</source>
        <translation>表的行数：比最大的词语编号多一。</translation>
    </message>
    <message>
        <source>Dimension</source>
        <translation>维数</translation>
    </message>
    <message>
        <source>Numbers that stand for a word.</source>
        <translation>代表一个词的数的个数。</translation>
    </message>
    <message>
        <source>0 is padding</source>
        <translation>0 为填充</translation>
    </message>
    <message>
        <source>The number 0 stands for no word: its row starts as zeros and does not learn.</source>
        <translation>编号 0 不代表任何词：它的行以零开始，并且不学习。</translation>
    </message>
    <message>
        <source>Deviation</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>The table starts with normal random numbers of this standard deviation.</source>
        <translation>表以这一标准差的正态随机数开始。</translation>
    </message>
</context>
<context>
    <name>Engine</name>
    <message>
        <source>The operation %1 has no gradient, so nothing before it can be trained.</source>
        <translation>运算 %1 没有梯度，因此它之前的部分都无法训练。</translation>
    </message>
    <message>
        <source>The operation %1 of layer %2 has no gradient, so nothing before it can be trained.</source>
        <translation>层 %2 的运算 %1 没有梯度，因此它之前的部分都无法训练。</translation>
    </message>
    <message>
        <source>Only a single number can be differentiated, but the loss has shape %1.</source>
        <translation>只能对单个数求导，但损失的形状是 %1。</translation>
    </message>
    <message>
        <source>The device %1 cannot run the operation %2 on %3.</source>
        <translation>设备 %1 无法对 %3 执行运算 %2。</translation>
    </message>
    <message>
        <source>The device %1 cannot run the operation %2 of layer %3 on %4. Choose another device or another layer.</source>
        <translation>设备 %1 无法对 %4 执行层 %3 的运算 %2。请选择其他设备或其他层。</translation>
    </message>
    <message>
        <source>The input %1 was not fed.</source>
        <translation>输入 %1 没有得到数据。</translation>
    </message>
    <message>
        <source>The device %1 cannot copy an array from %2 to %3.</source>
        <translation>设备 %1 无法把数组从 %2 复制为 %3。</translation>
    </message>
    <message>
        <source>Variables cannot be stored as %1; keep them in float32.</source>
        <translation>变量不能以 %1 存储；请保持 float32。</translation>
    </message>
    <message>
        <source>The variable %1 has shape %2 here, but %3 in another graph of this session.</source>
        <translation>变量 %1 在此处的形状是 %2，但在本会话的另一个图中是 %3。</translation>
    </message>
    <message>
        <source>The variable %1 has shape %2, but a variable cannot depend on the batch.</source>
        <translation>变量 %1 的形状是 %2，但变量不能依赖批大小。</translation>
    </message>
    <message>
        <source>There is no variable %1.</source>
        <translation>没有变量 %1。</translation>
    </message>
    <message>
        <source>The variable %1 holds %2 bytes, but %3 were asked for.</source>
        <translation>变量 %1 有 %2 字节，但请求了 %3 字节。</translation>
    </message>
    <message>
        <source>The variable %1 holds %2 bytes, but %3 were given.</source>
        <translation>变量 %1 有 %2 字节，但给出了 %3 字节。</translation>
    </message>
    <message>
        <source>%1 of the %2 ranks compute on graphics cards, the others on processors. Give all of them the same --device.</source>
        <translation>%2 个进程中有 %1 个在显卡上计算，其余在处理器上。请给所有进程相同的 --device。</translation>
    </message>
</context>
<context>
    <name>Expression</name>
    <message>
        <source>The expression &quot;%1&quot; breaks off: a number, a name or a closing parenthesis is missing.</source>
        <translation>表达式“%1”不完整：缺少数字、名称或右括号。</translation>
    </message>
    <message>
        <source>The expression &quot;%1&quot; cannot be read at &quot;%2&quot;, character %3. It may hold + - * / // %, parentheses, min, max, whole numbers and names of parameters.</source>
        <translation>表达式“%1”在第 %3 个字符“%2”处无法解析。它可以包含 + - * / // %、括号、min、max、整数和参数名。</translation>
    </message>
    <message>
        <source>The value of the expression &quot;%1&quot; is too large.</source>
        <translation>表达式“%1”的值过大。</translation>
    </message>
    <message>
        <source>The expression &quot;%1&quot; is nested too deeply.</source>
        <translation>表达式“%1”嵌套过深。</translation>
    </message>
    <message>
        <source>The expression &quot;%1&quot; divides by zero.</source>
        <translation>表达式“%1”除以零。</translation>
    </message>
    <message>
        <source>The expression &quot;%1&quot; does not give a whole number: %2 / %3 leaves a remainder. Write // to round down.</source>
        <translation>表达式“%1”的结果不是整数：%2 / %3 有余数。写成 // 可向下取整。</translation>
    </message>
    <message>
        <source>The expression &quot;%1&quot; names &quot;%2&quot;, but the block has no parameters.</source>
        <translation>表达式“%1”用到了“%2”，但该模块没有参数。</translation>
    </message>
    <message>
        <source>The expression &quot;%1&quot; names &quot;%2&quot;, but the block&apos;s parameters are: %3.</source>
        <translation>表达式“%1”用到了“%2”，但该模块的参数是：%3。</translation>
    </message>
    <message>
        <source>The expression &quot;%1&quot; names &quot;%2&quot;, which is no parameter of the block. Did you mean &quot;%3&quot;?</source>
        <translation>表达式“%1”用到了“%2”，它不是该模块的参数。是指“%3”吗？</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation>无法写入 %1：%2。</translation>
    </message>
    <message>
        <source>%1 could not be written: the disk is full. Make room and try again.</source>
        <translation>无法写入 %1：磁盘已满。请腾出空间后重试。</translation>
    </message>
</context>
<context>
    <name>Flatten</name>
    <message>
        <source>Turns each sample into one row of numbers.</source>
        <translation>把每个样本变成一行数。</translation>
    </message>
    <message>
        <source>Stands between the part that works on images and Dense layers: [N, 50, 7, 7] becomes [N, 2450]. Channels come first, then rows, then columns. It has nothing to learn.</source>
        <translation>放在处理图像的部分和全连接层之间：[N, 50, 7, 7] 变成 [N, 2450]。先是通道，再是行，再是列。它没有可学习的参数。</translation>
    </message>
    <message>
        <source>Flatten cannot turn sequences of variable length, %1, into rows of one length. Use MeanOverTime, or a recurrent layer that returns the last step.</source>
        <translation>展平层无法把长度可变的序列 %1 变成等长的行。请使用时间平均，或返回最后一步的循环层。</translation>
    </message>
</context>
<context>
    <name>Focal</name>
    <message>
        <source>Cross-entropy that cares less about samples that are already right.</source>
        <translation>对已经正确的样本不那么在意的交叉熵。</translation>
    </message>
    <message>
        <source>For data in which some classes are rare or most samples easy: each sample&apos;s cross-entropy is multiplied by alpha · (1 − p)^gamma, where p is the probability of the right class. With gamma 0 and alpha 1 it is CrossEntropy.</source>
        <translation>用于某些类别稀少或大多数样本很容易的数据：每个样本的交叉熵乘以 alpha · (1 − p)^gamma，其中 p 是正确类别的概率。gamma 为 0、alpha 为 1 时就是交叉熵。</translation>
    </message>
    <message>
        <source>Gamma</source>
        <translation>Gamma</translation>
    </message>
    <message>
        <source>How strongly easy samples are played down; 0 treats all alike.</source>
        <translation>容易的样本被削弱的程度；0 对所有样本一视同仁。</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation>Alpha</translation>
    </message>
    <message>
        <source>A factor for the whole loss.</source>
        <translation>整个损失的系数。</translation>
    </message>
</context>
<context>
    <name>Formats</name>
    <message>
        <source>ONNX model</source>
        <translation>ONNX 模型</translation>
    </message>
    <message>
        <source>There is no export format &quot;%1&quot;. Did you mean %2? Known formats: %3.</source>
        <translation>没有导出格式“%1”。是指 %2 吗？已知格式：%3。</translation>
    </message>
    <message>
        <source>There is no export format &quot;%1&quot;. Known formats: %2.</source>
        <translation>没有导出格式“%1”。已知格式：%2。</translation>
    </message>
    <message>
        <source>The exported file has an input %1, which the network has not.</source>
        <translation>导出的文件有输入 %1，而网络中没有。</translation>
    </message>
    <message>
        <source>The file %1 is no ONNX model, or it is damaged.</source>
        <translation>文件 %1 不是 ONNX 模型，或已损坏。</translation>
    </message>
    <message>
        <source>ONNX&apos;s checker refuses %1: %2</source>
        <translation>ONNX 检查器拒绝 %1：%2</translation>
    </message>
    <message>
        <source>The outputs of %1 have other sizes than those of the network.</source>
        <translation>%1 的输出与网络的输出大小不同。</translation>
    </message>
    <message>
        <source>The checkpoint has no %1. It belongs to another network.</source>
        <translation>检查点中没有 %1。它属于另一个网络。</translation>
    </message>
    <message>
        <source>The checkpoint&apos;s %1 is %2 %3, but the network needs %4 %5. It belongs to another network.</source>
        <translation>检查点中的 %1 是 %2 %3，而网络需要 %4 %5。它属于另一个网络。</translation>
    </message>
    <message>
        <source>The operation %1 has no form in ONNX, so this network cannot be exported.</source>
        <translation>运算 %1 没有对应的 ONNX 形式，因此无法导出此网络。</translation>
    </message>
    <message>
        <source>The operation %1 of layer %2 has no form in ONNX, so this network cannot be exported.</source>
        <translation>层 %2 的运算 %1 没有对应的 ONNX 形式，因此无法导出此网络。</translation>
    </message>
    <message>
        <source>The network is larger than the 2 GB that one ONNX file can hold.</source>
        <translation>网络超过了单个 ONNX 文件的 2 GB 上限。</translation>
    </message>
    <message>
        <source>The ONNX node %1 (%2) lacks an input or a setting. The file is damaged.</source>
        <translation>ONNX 节点 %1（%2）缺少输入或设置。文件已损坏。</translation>
    </message>
    <message>
        <source>The ONNX node %1 casts to an element type that Weft does not read.</source>
        <translation>ONNX 节点 %1 要转换为 Weft 不支持读取的元素类型。</translation>
    </message>
    <message>
        <source>The ONNX node %1 is a %2, an operator that Weft does not read.</source>
        <translation>ONNX 节点 %1 的算子是 %2，Weft 不支持读取。</translation>
    </message>
    <message>
        <source>The tensor %1 has the ONNX element type %2, which Weft does not read.</source>
        <translation>张量 %1 的 ONNX 元素类型是 %2，Weft 不支持读取。</translation>
    </message>
    <message>
        <source>The tensor %1 has a dimension &quot;%2&quot;; Weft knows only N, the batch, and T, the length of a sequence.</source>
        <translation>张量 %1 有维度“%2”；Weft 只认识 N（批）和 T（序列长度）。</translation>
    </message>
    <message>
        <source>The weights %1 have %2 bytes, but their shape needs %3 elements of %4 bytes. The file is damaged.</source>
        <translation>权重 %1 有 %2 字节，但其形状需要 %3 个各 %4 字节的元素。文件已损坏。</translation>
    </message>
    <message>
        <source>The node %1 uses %2, which nothing before it computes. The file is damaged.</source>
        <translation>节点 %1 使用了 %2，但它之前没有节点计算该值。文件已损坏。</translation>
    </message>
    <message>
        <source>The file %1 cannot be opened.</source>
        <translation>无法打开文件 %1。</translation>
    </message>
    <message>
        <source>The file %1 uses version %2 of ONNX&apos;s operators; Weft reads 13 to 17.</source>
        <translation>文件 %1 使用 ONNX 算子集版本 %2；Weft 可读取 13 至 17。</translation>
    </message>
    <message>
        <source>No input of the network is a sequence, so that its number of steps cannot be written as ONNX.</source>
        <translation>网络没有序列输入，因此无法把步数写成 ONNX。</translation>
    </message>
    <message>
        <source>The ONNX node %1 (%2) has settings that Weft does not read.</source>
        <translation>ONNX 节点 %1（%2）含有 Weft 无法读取的设置。</translation>
    </message>
</context>
<context>
    <name>GELU</name>
    <message>
        <source>Weighs each value by the probability of a smaller one.</source>
        <translation>用出现更小值的概率给每个值加权。</translation>
    </message>
    <message>
        <source>The usual activation of transformers: y = x · Φ(x), with the normal distribution&apos;s Φ. Smooth, and close to ReLU for large values.</source>
        <translation>Transformer 常用的激活函数：y = x · Φ(x)，Φ 是正态分布的累积分布函数。平滑，在值较大时接近 ReLU。</translation>
    </message>
</context>
<context>
    <name>GRU</name>
    <message>
        <source>Reads a sequence step by step; a lighter LSTM.</source>
        <translation>逐步读取序列；更轻的 LSTM。</translation>
    </message>
    <message>
        <source>One gate decides how much of the state to keep, another how much of it to use for the new one. It has three quarters of the weights of an LSTM and often does as well, for example on time series. Steps that only pad a sequence leave the state as it is.</source>
        <translation>一个门决定保留多少状态，另一个门决定用多少旧状态来生成新状态。权重只有 LSTM 的四分之三，效果常常相当，例如用于时间序列。仅作填充的时间步不改变状态。</translation>
    </message>
</context>
<context>
    <name>GaussianKL</name>
    <message>
        <source>How far normal distributions are from the standard one.</source>
        <translation>正态分布与标准正态分布的差距。</translation>
    </message>
    <message>
        <source>The second loss of a variational autoencoder: takes the mean and the logarithm of the variance that Sampling draws from, and is 0 where the mean is 0 and the variance 1. It is summed over the numbers of a sample, so give the reconstruction&apos;s loss, which is a mean, the number of its values as its weight.</source>
        <translation>变分自编码器的第二个损失：取采样层所用的均值和方差的对数，均值为 0、方差为 1 时为 0。它对一个样本的各数求和，因此应将重建损失（取平均）的权重设为其数值的个数。</translation>
    </message>
</context>
<context>
    <name>GaussianNoise</name>
    <message>
        <source>Adds random noise while training, against overfitting.</source>
        <translation>训练时加入随机噪声，防止过拟合。</translation>
    </message>
    <message>
        <source>While training, each value is moved by a normally distributed amount of mean 0, so the network cannot rely on exact values; at the input of an autoencoder it makes a denoising one. In evaluation and prediction it does nothing.</source>
        <translation>训练时，每个值都移动一个均值为 0 的正态分布的量，使网络不能依赖精确的数值；放在自编码器的输入处即成为去噪自编码器。在评估和预测时不起作用。</translation>
    </message>
    <message>
        <source>Deviation</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>Standard deviation of the noise.</source>
        <translation>噪声的标准差。</translation>
    </message>
</context>
<context>
    <name>GlobalAveragePool2D</name>
    <message>
        <source>Takes the mean of each channel over the whole image.</source>
        <translation>对每个通道在整幅图像上取平均。</translation>
    </message>
    <message>
        <source>Ends the convolutional part of modern networks instead of Flatten: [N, 512, 7, 7] becomes [N, 512], whatever the size of the image. It has nothing to learn.</source>
        <translation>在现代网络中代替展平层结束卷积部分：[N, 512, 7, 7] 变为 [N, 512]，与图像大小无关。它没有可学习的参数。</translation>
    </message>
</context>
<context>
    <name>GlobalAveragePool3D</name>
    <message>
        <source>Takes the mean of each channel over the whole volume.</source>
        <translation>对每个通道在整个体数据上取平均。</translation>
    </message>
    <message>
        <source>Ends the convolutional part of a network over volumes: [N, 64, 4, 8, 8] becomes [N, 64]. It has nothing to learn.</source>
        <translation>结束体数据网络的卷积部分：[N, 64, 4, 8, 8] 变为 [N, 64]。它没有可学习的参数。</translation>
    </message>
</context>
<context>
    <name>GlobalMaxPool2D</name>
    <message>
        <source>Keeps the largest value of each channel over the whole image.</source>
        <translation>对每个通道在整幅图像上取最大值。</translation>
    </message>
    <message>
        <source>Tells whether a channel found its pattern anywhere: [N, 512, 7, 7] becomes [N, 512]. It has nothing to learn.</source>
        <translation>说明通道是否在某处找到了它的模式：[N, 512, 7, 7] 变为 [N, 512]。它没有可学习的参数。</translation>
    </message>
</context>
<context>
    <name>GlobalMaxPool3D</name>
    <message>
        <source>Keeps the largest value of each channel over the whole volume.</source>
        <translation>保留每个通道在整个体数据上的最大值。</translation>
    </message>
    <message>
        <source>Tells whether a channel found its pattern anywhere: [N, 64, 4, 8, 8] becomes [N, 64]. It has nothing to learn.</source>
        <translation>说明通道是否在某处找到了它的模式：[N, 64, 4, 8, 8] 变为 [N, 64]。它没有可学习的参数。</translation>
    </message>
</context>
<context>
    <name>Graph</name>
    <message>
        <source>The variable %1 is shared, but one use wants %2 and another %3.</source>
        <translation>变量 %1 是共享的，但一处需要 %2，另一处需要 %3。</translation>
    </message>
</context>
<context>
    <name>GroupNorm</name>
    <message>
        <source>%1 groups do not divide %2 channels evenly.</source>
        <translation>%2 个通道不能平均分成 %1 组。</translation>
    </message>
    <message>
        <source>Use one group</source>
        <translation>只用一个分组</translation>
    </message>
    <message>
        <source>Keeps groups of channels of each sample around 0 with deviation 1.</source>
        <translation>让每个样本的各组通道保持在 0 附近，标准差为 1。</translation>
    </message>
    <message>
        <source>Like BatchNorm, but looks at one sample at a time, so it also works with a batch of one or two large images. The channels are split into groups that are normalised together.</source>
        <translation>类似批归一化，但每次只看一个样本，因此一批只有一两张大图像时也适用。通道被分成若干组，每组一起归一化。</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Must divide the channels. 1 normalises each sample as a whole.</source>
        <translation>必须整除通道数。1 表示把每个样本作为整体归一化。</translation>
    </message>
</context>
<context>
    <name>HardSwish</name>
    <message>
        <source>A cheap approximation of SiLU for small devices.</source>
        <translation>SiLU 的低开销近似，适合小型设备。</translation>
    </message>
    <message>
        <source>y = x · min(max(x + 3, 0), 6) / 6. Used in networks for phones: no exponential is needed.</source>
        <translation>y = x · min(max(x + 3, 0), 6) / 6。用于手机上的网络：不需要计算指数。</translation>
    </message>
</context>
<context>
    <name>Hinge</name>
    <message>
        <source>Asks that the right class wins by a margin, as support vector machines do.</source>
        <translation>要求正确的类别以一定间隔胜出，与支持向量机相同。</translation>
    </message>
    <message>
        <source>Takes one score for each class. A class costs nothing once the right class is ahead of it by the margin, so training attends to samples near the border. Predictions give softmax of the scores, which ranks the classes.</source>
        <translation>每个类别接受一个分数。一旦正确的类别领先某个类别达到间隔，该类别就不再产生损失，因此训练关注边界附近的样本。预测给出分数的 softmax，用来给类别排序。</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>间隔</translation>
    </message>
    <message>
        <source>How far the right class must be ahead of every other.</source>
        <translation>正确的类别必须领先其他每个类别多少。</translation>
    </message>
    <message>
        <source>Squared</source>
        <translation>平方</translation>
    </message>
    <message>
        <source>Squares what lacks to the margin, which punishes large errors more.</source>
        <translation>把距间隔的不足取平方，更重地惩罚大的错误。</translation>
    </message>
</context>
<context>
    <name>Huber</name>
    <message>
        <source>Squared error for small differences, absolute error for large ones.</source>
        <translation>差异小时用平方误差，差异大时用绝对误差。</translation>
    </message>
    <message>
        <source>For predicting numbers when some targets are wrong by far: close to the target it is as smooth as MeanSquaredError, far away it grows only linearly, so outliers do not dominate.</source>
        <translation>用于在部分目标偏差很大时预测数值：靠近目标时与均方误差一样平滑，远离时只线性增长，因此离群值不会占主导。</translation>
    </message>
    <message>
        <source>Delta</source>
        <translation>Delta</translation>
    </message>
    <message>
        <source>The distance at which the square turns into a straight line.</source>
        <translation>平方变为直线处的距离。</translation>
    </message>
</context>
<context>
    <name>Input</name>
    <message>
        <source>One sample of this shape has more than two thousand million numbers. Make &quot;shape&quot; smaller.</source>
        <translation>这种形状的一个样本超过二十亿个数。请减小“shape”。</translation>
    </message>
    <message>
        <source>No column is named. Set &quot;column&quot; to a column of the data, such as image or features.</source>
        <translation>没有指定列。请把“column”设为数据中的一列，例如 image 或 features。</translation>
    </message>
    <message>
        <source>The shape of an image has three numbers, channels, height and width, such as [1, 28, 28]; this one has %1.</source>
        <translation>图像的形状有三个数：通道、高和宽，例如 [1, 28, 28]；这里有 %1 个。</translation>
    </message>
    <message>
        <source>Where a column of the data enters the network.</source>
        <translation>数据的一列从这里进入网络。</translation>
    </message>
    <message>
        <source>Every network starts here. An image arrives as bytes and leaves as numbers between 0 and 1; numbers and tokens pass as they are. The shape is that of one sample, without the batch, and is checked against the data before training.</source>
        <translation>每个网络都从这里开始。图像以字节进入，以 0 到 1 之间的数离开；数值和词元原样通过。形状是单个样本的形状，不含批，训练前会与数据核对。</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>What the column holds: pixels, real numbers, or indices of words.</source>
        <translation>这一列的内容：像素、实数或词的编号。</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Name of the column: image for pictures; features, or a header, for tables.</source>
        <translation>列名：图片用 image；表格用 features 或某个表头。</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Only sequences of numbers or tokens can vary in length, not images.</source>
        <translation>只有数值或词元的序列可以长度不同，图像不行。</translation>
    </message>
    <message>
        <source>Use a fixed size</source>
        <translation>使用固定大小</translation>
    </message>
    <message>
        <source>Shape of one sample: channels, height and width of an image; the number of features of a table; the longest length of a text.</source>
        <translation>单个样本的形状：图像的通道数、高度和宽度；表格的特征数；文本的最大长度。</translation>
    </message>
    <message>
        <source>Variable length</source>
        <translation>长度可变</translation>
    </message>
    <message>
        <source>Samples are sequences of different lengths; the first number of the shape is the longest. Layers that know lengths leave the padding at the end out.</source>
        <translation>样本是长度不同的序列；形状的第一个数是最大长度。了解长度的层会忽略末尾的填充。</translation>
    </message>
</context>
<context>
    <name>InstanceNorm</name>
    <message>
        <source>Keeps each channel of each image around 0 with deviation 1.</source>
        <translation>让每张图像的每个通道保持在 0 附近，标准差为 1。</translation>
    </message>
    <message>
        <source>Normalises every channel of every image by itself, which removes contrast and brightness. Used in networks that change the style of images.</source>
        <translation>对每张图像的每个通道单独归一化，从而去除对比度和亮度。用于改变图像风格的网络。</translation>
    </message>
</context>
<context>
    <name>JobPart</name>
    <message>
        <source>waits</source>
        <translation>正在等待</translation>
    </message>
    <message>
        <source>is being started</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>runs</source>
        <translation>正在运行</translation>
    </message>
    <message>
        <source>has ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>has failed</source>
        <translation>已失败</translation>
    </message>
    <message>
        <source>is gone</source>
        <translation>已消失</translation>
    </message>
    <message>
        <source>was taken back</source>
        <translation>已撤回</translation>
    </message>
</context>
<context>
    <name>JobPhase</name>
    <message>
        <source>waits</source>
        <translation>正在等待</translation>
    </message>
    <message>
        <source>is being started</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>runs</source>
        <translation>正在运行</translation>
    </message>
    <message>
        <source>has ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>has failed</source>
        <translation>已失败</translation>
    </message>
    <message>
        <source>is not known to the target</source>
        <translation>目标不认识它</translation>
    </message>
</context>
<context>
    <name>Journal</name>
    <message>
        <source>The journal %1 cannot be written: %2. Edits are kept in memory only; save the project soon.</source>
        <translation>无法写入日志 %1：%2。编辑只保存在内存中；请尽快保存项目。</translation>
    </message>
    <message>
        <source>The journal %1 cannot be written: %2.</source>
        <translation>无法写入日志 %1：%2。</translation>
    </message>
</context>
<context>
    <name>Json</name>
    <message>
        <source>%1, line %2: the key &quot;%3&quot; stands twice in one map. Remove one of them.</source>
        <translation>%1 第 %2 行：键“%3”在同一个映射中出现两次。请删除其中一个。</translation>
    </message>
    <message>
        <source>%1, line %2: maps and lists are nested more than %3 deep.</source>
        <translation>%1 第 %2 行：映射和列表的嵌套超过 %3 层。</translation>
    </message>
    <message>
        <source>%1, line %2: there is text after the end of the document.</source>
        <translation>%1 第 %2 行：文档结束之后还有文本。</translation>
    </message>
    <message>
        <source>%1, line %2: a key in double quotes is missing, or there is a comma too many.</source>
        <translation>%1 第 %2 行：缺少双引号中的键，或多了一个逗号。</translation>
    </message>
    <message>
        <source>%1, line %2: a colon is missing after a key.</source>
        <translation>%1 第 %2 行：键之后缺少冒号。</translation>
    </message>
    <message>
        <source>%1, line %2: a comma or a closing brace } is missing.</source>
        <translation>%1 第 %2 行：缺少逗号或右花括号 }。</translation>
    </message>
    <message>
        <source>%1, line %2: a comma or a closing bracket ] is missing.</source>
        <translation>%1 第 %2 行：缺少逗号或右方括号 ]。</translation>
    </message>
    <message>
        <source>%1, line %2: a text lacks its closing quote.</source>
        <translation>%1 第 %2 行：文本缺少右引号。</translation>
    </message>
    <message>
        <source>%1, line %2: a text holds bytes that are not UTF-8.</source>
        <translation>%1 第 %2 行：文本含有不是 UTF-8 的字节。</translation>
    </message>
    <message>
        <source>%1, line %2: a backslash in a text is followed by something unknown.</source>
        <translation>%1 第 %2 行：文本中反斜杠之后的内容无法识别。</translation>
    </message>
    <message>
        <source>%1, line %2: a number is damaged or too large.</source>
        <translation>%1 第 %2 行：数值已损坏或过大。</translation>
    </message>
    <message>
        <source>%1, line %2: this is no value. Texts stand in double quotes; numbers, true, false, null, lists and maps do not.</source>
        <translation>%1 第 %2 行：这不是值。文本要放在双引号中；数值、true、false、null、列表和映射则不用。</translation>
    </message>
    <message>
        <source>%1 is empty.</source>
        <translation>%1 是空的。</translation>
    </message>
    <message>
        <source>%1 is no text: it holds zero bytes.</source>
        <translation>%1 不是文本：它含有零字节。</translation>
    </message>
    <message>
        <source>%1 ends in the middle, at line %2: the file is cut off. Open an older copy of it.</source>
        <translation>%1 在第 %2 行中途结束：文件被截断。请打开它的较早副本。</translation>
    </message>
</context>
<context>
    <name>KLDivergence</name>
    <message>
        <source>How far the predicted distribution is from a given one.</source>
        <translation>预测的分布与给定分布相差多远。</translation>
    </message>
    <message>
        <source>Takes raw scores (logits) and a target distribution over the classes, for example the answer of a larger network that this one should imitate. 0 where both agree. Predictions and exported models give the probabilities of softmax.</source>
        <translation>接受原始分数（logits）和类别上的目标分布，例如要模仿的更大网络的答案。两者一致时为 0。预测和导出的模型给出 softmax 的概率。</translation>
    </message>
</context>
<context>
    <name>Kubernetes</name>
    <message>
        <source>The cluster answers: Kubernetes 1.%1.</source>
        <translation>集群有应答：Kubernetes 1.%1。</translation>
    </message>
    <message>
        <source>The MPI Operator is there: jobs become MPIJobs.</source>
        <translation>已安装 MPI Operator：作业将成为 MPIJob。</translation>
    </message>
    <message>
        <source>Jobs become Indexed Jobs with ssh between their pods.</source>
        <translation>作业将成为 Indexed Job，Pod 之间通过 ssh 连接。</translation>
    </message>
    <message>
        <source>Before Kubernetes 1.31 the pods of a finished run stay until Weft fetches its results (weft follow).</source>
        <translation>在 Kubernetes 1.31 之前，运行结束后其 Pod 会保留，直到 Weft 取回结果（weft follow）。</translation>
    </message>
    <message>
        <source>You may not %1 %2 in the namespace %3. weft target rbac prints the rights that Weft needs.</source>
        <translation>您在命名空间 %3 中没有 %1 %2 的权限。weft target rbac 会列出 Weft 所需的权限。</translation>
    </message>
    <message>
        <source>You have the rights to run jobs in the namespace %1.</source>
        <translation>您有权在命名空间 %1 中运行作业。</translation>
    </message>
    <message>
        <source>The volume claim %1 (%2) cannot be seen: %3</source>
        <translation>无法查看卷声明 %1（%2）：%3</translation>
    </message>
    <message>
        <source>The volume claim %1 (%2) can be mounted on one node only; with several workers it should be ReadWriteMany.</source>
        <translation>卷声明 %1（%2）只能挂载到一个节点；有多个工作节点时应为 ReadWriteMany。</translation>
    </message>
    <message>
        <source>The volume claim %1 (%2) is bound.</source>
        <translation>卷声明 %1（%2）已绑定。</translation>
    </message>
    <message>
        <source>There is no runsClaim: a job that is started again begins anew.</source>
        <translation>没有设置 runsClaim：重新启动的作业将从头开始。</translation>
    </message>
    <message>
        <source>The cluster would take a job.</source>
        <translation>集群会接受作业。</translation>
    </message>
    <message>
        <source>The cluster does not know you any more (context %1): your token may have expired. Log in again: %2</source>
        <translation>集群不再认识您（上下文 %1）：令牌可能已过期。请重新登录：%2</translation>
    </message>
    <message>
        <source>The kubeconfig has no context %1. kubectl config get-contexts lists those there are.</source>
        <translation>kubeconfig 中没有上下文 %1。kubectl config get-contexts 会列出现有的上下文。</translation>
    </message>
    <message>
        <source>The quota of the namespace %1 is used up: %2 Ask for less, or wait until other jobs end.</source>
        <translation>命名空间 %1 的配额已用完：%2 请减少请求，或等待其他作业结束。</translation>
    </message>
    <message>
        <source>You may not do that in the namespace %1: %2 weft target rbac prints the rights that Weft needs.</source>
        <translation>您在命名空间 %1 中没有此权限：%2 weft target rbac 会列出 Weft 所需的权限。</translation>
    </message>
    <message>
        <source>The cluster has no namespace %1. Have it made, or set namespace= to another.</source>
        <translation>集群中没有命名空间 %1。请创建它，或将 namespace= 设为其他命名空间。</translation>
    </message>
    <message>
        <source>The cluster cannot be reached (context %1): %2 Is the network, or the VPN, up?</source>
        <translation>无法连接到集群（上下文 %1）：%2 网络或 VPN 是否已连接？</translation>
    </message>
    <message>
        <source>The cluster refused (context %1, namespace %2): %3</source>
        <translation>集群拒绝了请求（上下文 %1，命名空间 %2）：%3</translation>
    </message>
    <message>
        <source>The cluster gave no answer within a minute. Is the network, or the VPN, up?</source>
        <translation>集群在一分钟内没有应答。网络或 VPN 是否已连接？</translation>
    </message>
    <message>
        <source>The job %1 has no pod yet.</source>
        <translation>作业 %1 还没有 Pod。</translation>
    </message>
    <message>
        <source>The image %1 cannot be fetched: %2 Check its name, and pullSecrets for a private registry.</source>
        <translation>无法拉取镜像 %1：%2 请检查其名称，私有仓库还需检查 pullSecrets。</translation>
    </message>
    <message>
        <source>The image %1 is not on the node, and pullPolicy is Never.</source>
        <translation>节点上没有镜像 %1，而 pullPolicy 为 Never。</translation>
    </message>
    <message>
        <source>The container cannot be made: %1</source>
        <translation>无法创建容器：%1</translation>
    </message>
    <message>
        <source>The container ends again and again; its log tells why: %1</source>
        <translation>容器反复退出；原因见其日志：%1</translation>
    </message>
    <message>
        <source>%1 was evicted from its node: %2</source>
        <translation>%1 被逐出其节点：%2</translation>
    </message>
    <message>
        <source>%1 needed more memory than it may have. Raise memory, or lower the batch size.</source>
        <translation>%1 所需内存超过上限。请提高 memory 或减小批大小。</translation>
    </message>
    <message>
        <source>%1 ended with the exit code %2; its log tells why.</source>
        <translation>%1 以退出码 %2 结束；原因见其日志。</translation>
    </message>
    <message>
        <source>The MPI Operator refuses the job: %1</source>
        <translation>MPI Operator 拒绝了作业：%1</translation>
    </message>
    <message>
        <source>A volume claim is missing: %1 Make it, or correct dataClaim and runsClaim.</source>
        <translation>缺少卷声明：%1 请创建它，或更正 dataClaim 和 runsClaim。</translation>
    </message>
    <message>
        <source>No node has enough free processor cores. It begins when some are free; a lower cpu helps. (%1)</source>
        <translation>没有节点有足够的空闲处理器核心。有空闲时即开始；降低 cpu 会有帮助。（%1）</translation>
    </message>
    <message>
        <source>No node has enough free memory. It begins when some is free; a lower memory helps. (%1)</source>
        <translation>没有节点有足够的空闲内存。有空闲时即开始；降低 memory 会有帮助。（%1）</translation>
    </message>
    <message>
        <source>Nodes are kept for others by taints; tolerations= names those to put up with. (%1)</source>
        <translation>节点因污点而留作他用；可用 tolerations= 指定要容忍的污点。（%1）</translation>
    </message>
    <message>
        <source>No node has the labels that nodeSelector demands. (%1)</source>
        <translation>没有节点具有 nodeSelector 要求的标签。（%1）</translation>
    </message>
    <message>
        <source>It waits for a node: %1</source>
        <translation>正在等待节点：%1</translation>
    </message>
    <message>
        <source>The cluster gave the job up: %1</source>
        <translation>集群放弃了作业：%1</translation>
    </message>
    <message>
        <source>The job waits in the queue %1 until Kueue admits it.</source>
        <translation>作业在队列 %1 中等待 Kueue 准入。</translation>
    </message>
    <message>
        <source>You may not %1 %2 in the namespace %3: runs cannot be paused, saved early or fetched. Have the right given (weft target rbac), or set runsClaim.</source>
        <translation>您不能在命名空间 %3 中对 %2 执行 %1：运行无法暂停、提前保存或取回。请获得该权限（weft target rbac），或设置 runsClaim。</translation>
    </message>
    <message>
        <source>You may not %1 %2 in the namespace %3: pausing, saving early and fetching go through short pods on the runsClaim, which takes some seconds each.</source>
        <translation>您不能在命名空间 %3 中对 %2 执行 %1：暂停、提前保存和取回将通过挂载 runsClaim 的短时 Pod 进行，每次需要几秒钟。</translation>
    </message>
    <message>
        <source>No pod could be started to reach the run on the claim %1. weft follow tries again.</source>
        <translation>无法启动 Pod 以访问卷声明 %1 上的运行。weft follow 会再次尝试。</translation>
    </message>
    <message>
        <source>The run cannot be reached: you may not create pods/exec in the namespace %1, and the target has no runsClaim. Have the right given (weft target rbac), or set runsClaim.</source>
        <translation>无法访问该运行：您不能在命名空间 %1 中创建 pods/exec，且目标没有 runsClaim。请获得该权限（weft target rbac），或设置 runsClaim。</translation>
    </message>
    <message>
        <source>The command could not be written to the run on the claim %1: the pod ended with the exit code %2.</source>
        <translation>命令无法写入卷声明 %1 上的运行：Pod 以退出码 %2 结束。</translation>
    </message>
    <message>
        <source>The ConfigMap %1 with the certificates is not in the namespace: make it, or correct caConfigMap. (%2)</source>
        <translation>命名空间中没有存放证书的 ConfigMap %1：请创建它，或更正 caConfigMap。（%2）</translation>
    </message>
    <message>
        <source>A volume of the pod could not be mounted: %1</source>
        <translation>Pod 的一个卷无法挂载：%1</translation>
    </message>
    <message>
        <source>The claim %1 is in use on another node, and one node alone may have it. End the pod that uses it, or take a claim with ReadWriteMany. (%2)</source>
        <translation>卷声明 %1 正在另一个节点上使用，而它同一时间只能用于一个节点。请结束使用它的 Pod，或改用 ReadWriteMany 的卷声明。（%2）</translation>
    </message>
    <message>
        <source>The claim %1 could not be mounted: its storage refuses the node. Have the nodes allowed there, or take another claim. (%2)</source>
        <translation>卷声明 %1 无法挂载：其存储拒绝了该节点。请让存储允许这些节点，或改用另一个卷声明。（%2）</translation>
    </message>
    <message>
        <source>The claim %1 could not be mounted: %2 Have its storage looked at, whether it is up and the nodes reach it; it is tried again until you stop the job.</source>
        <translation>卷声明 %1 无法挂载：%2 请检查其存储是否在运行、节点能否连上它；在您停止作业之前会不断重试。</translation>
    </message>
    <message>
        <source>The volume claim %1 (%2) is not bound to a volume yet: %3. kubectl describe pvc tells what it waits for.</source>
        <translation>卷声明 %1（%2）尚未绑定到卷：%3。kubectl describe pvc 会说明它在等待什么。</translation>
    </message>
    <message>
        <source>The program that gives kubectl its credentials failed (context %1). Log in with it, or have it installed. (%2)</source>
        <translation>为 kubectl 提供凭据的程序失败（上下文 %1）。请用它登录，或安装它。（%2）</translation>
    </message>
    <message>
        <source>The namespace %1 does not allow such pods. Have its administrators allow them, or take another namespace. (%2)</source>
        <translation>命名空间 %1 不允许这样的 Pod。请让其管理员放行，或改用另一个命名空间。（%2）</translation>
    </message>
    <message>
        <source>The cluster does not have the priority class. Correct priorityClass; kubectl get priorityclasses lists them. (%1)</source>
        <translation>集群中没有该优先级类。请更正 priorityClass；kubectl get priorityclasses 会列出它们。（%1）</translation>
    </message>
    <message>
        <source>The namespace %1 does not have the service account. Have it made, or correct serviceAccount. (%2)</source>
        <translation>命名空间 %1 中没有该服务账户。请创建它，或更正 serviceAccount。（%2）</translation>
    </message>
    <message>
        <source>A rule of the cluster does not allow this in the namespace %1. Change the target to what it allows, or ask the cluster&apos;s administrators. (%2)</source>
        <translation>集群的一条规则不允许在命名空间 %1 中这样做。请把目标改为规则允许的内容，或询问集群管理员。（%2）</translation>
    </message>
    <message>
        <source>The cluster&apos;s certificate is not trusted (context %1). The kubeconfig needs the authority that signed it. (%2)</source>
        <translation>集群的证书不受信任（上下文 %1）。kubeconfig 中需要签发它的证书颁发机构。（%2）</translation>
    </message>
    <message>
        <source>A volume claim is not bound to a volume yet; kubectl describe pvc tells what it waits for. (%1)</source>
        <translation>有卷声明尚未绑定到卷；kubectl describe pvc 会说明它在等待什么。（%1）</translation>
    </message>
    <message>
        <source>No node has a free GPU. It begins when one is free. (%1)</source>
        <translation>没有节点有空闲的 GPU。有空闲时即开始。（%1）</translation>
    </message>
    <message>
        <source>No node has %1 free GPUs. It begins when one has; a lower gpu helps. (%2)</source>
        <translation>没有节点有 %1 块空闲的 GPU。有这样的节点时即开始；减小 gpu 会有帮助。（%2）</translation>
    </message>
    <message>
        <source>No node has enough free %1. It begins when some is free. (%2)</source>
        <translation>没有节点有足够的空闲 %1。有空闲时即开始。（%2）</translation>
    </message>
    <message>
        <source>You may not %1 %2 in the namespace %3: what keeps pods waiting is told later, or not at all (weft target rbac).</source>
        <translation>您不能在命名空间 %3 中对 %2 执行 %1：Pod 在等待什么会较晚告知，或无法告知（weft target rbac）。</translation>
    </message>
</context>
<context>
    <name>LSTM</name>
    <message>
        <source>Reads a sequence step by step and remembers over long distances.</source>
        <translation>逐步读取序列，并能长距离记忆。</translation>
    </message>
    <message>
        <source>Beside its state it keeps a cell, which gates write to, read from and clear, so that gradients reach far back. For texts put it behind an Embedding; to classify, take the last state and put a Dense layer behind it. Steps that only pad a sequence leave the state as it is.</source>
        <translation>除状态外还保存一个记忆单元，由门来写入、读取和清除，使梯度能传到很远之前。处理文本时放在词嵌入层之后；分类时取最后的状态，并在后面放一个全连接层。仅作填充的时间步不改变状态。</translation>
    </message>
</context>
<context>
    <name>Launch</name>
    <message>
        <source>Open MPI is not installed, which starts the ranks. Install Debian&apos;s package openmpi-bin.</source>
        <translation>启动各进程的 Open MPI 尚未安装。请安装 Debian 软件包 openmpi-bin。</translation>
    </message>
    <message>
        <source>mpirun could not be started: %1.</source>
        <translation>无法启动 mpirun：%1。</translation>
    </message>
    <message>
        <source>%1 refused your key. Does ssh %1 work without a password? ssh-copy-id %1 and ssh-agent help. (%2)</source>
        <translation>%1 拒绝了您的密钥。ssh %1 能否无密码登录？可使用 ssh-copy-id %1 和 ssh-agent。（%2）</translation>
    </message>
    <message>
        <source>The key of %1 is not known, or another than before. Connect once with ssh %1 and look at it. (%2)</source>
        <translation>%1 的主机密钥未知，或与之前不同。请用 ssh %1 连接一次并核对。（%2）</translation>
    </message>
    <message>
        <source>The host %1 is not known. Correct its name, or give it one in ~/.ssh/config. (%2)</source>
        <translation>主机 %1 未知。请更正其名称，或在 ~/.ssh/config 中定义。（%2）</translation>
    </message>
    <message>
        <source>%1 cannot be reached. Is it up, and the network or VPN? (%2)</source>
        <translation>无法连接到 %1。它是否已开机，网络或 VPN 是否已连接？（%2）</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 gave no answer within a minute. Is the network, or the VPN, up?</source>
        <translation>%1 在一分钟内没有应答。网络或 VPN 是否已连接？</translation>
    </message>
    <message>
        <source>%1 did not start the job: %2</source>
        <translation>%1 没有启动作业：%2</translation>
    </message>
    <message>
        <source>%1 answers.</source>
        <translation>%1 有应答。</translation>
    </message>
    <message>
        <source>%1 does not find the program %2. Install Weft there, or set weft= to its path. (%3)</source>
        <translation>%1 上找不到程序 %2。请在那里安装 Weft，或将 weft= 设为其路径。（%3）</translation>
    </message>
    <message>
        <source>%1 has %2, this machine %3. Bring both to the same version.</source>
        <translation>%1 上是 %2，本机是 %3。请使两者版本一致。</translation>
    </message>
    <message>
        <source>%1 has %2.</source>
        <translation>%1 上有 %2。</translation>
    </message>
    <message>
        <source>%1 does not find mpirun. Install Open MPI 4.1 there, or load its module. (%2)</source>
        <translation>%1 上找不到 mpirun。请在那里安装 Open MPI 4.1，或加载其模块。（%2）</translation>
    </message>
    <message>
        <source>mpirun of %1 is not Open MPI: %2</source>
        <translation>%1 上的 mpirun 不是 Open MPI：%2</translation>
    </message>
    <message>
        <source>The file of hosts %1 cannot be read.</source>
        <translation>无法读取主机文件 %1。</translation>
    </message>
    <message>
        <source>The file %1 names no host.</source>
        <translation>文件 %1 中没有主机。</translation>
    </message>
    <message>
        <source>The host %1 did not answer ssh within %2 seconds: %3</source>
        <translation>主机 %1 在 %2 秒内没有应答 ssh：%3</translation>
    </message>
    <message>
        <source>ssh-keygen could not make the keys of the job: %1</source>
        <translation>ssh-keygen 无法生成作业的密钥：%1</translation>
    </message>
    <message>
        <source>The project file has %1 bytes; a cluster takes at most %2. Make blocks of what repeats.</source>
        <translation>项目文件有 %1 字节；集群最多接受 %2 字节。请将重复部分做成块。</translation>
    </message>
    <message>
        <source>The target %1 demands an MPIJob, but the cluster serves none (kubeflow.org/v2beta1). Have the MPI Operator installed, or set form=job.</source>
        <translation>目标 %1 要求 MPIJob，但集群不提供（kubeflow.org/v2beta1）。请安装 MPI Operator，或设置 form=job。</translation>
    </message>
    <message>
        <source>A text for the cluster is no UTF-8: &quot;%1&quot;.</source>
        <translation>发往集群的文本不是 UTF-8：“%1”。</translation>
    </message>
    <message>
        <source>The job is gone from %1: it was ended from outside, or the host was started anew.</source>
        <translation>作业已从 %1 消失：它被外部终止，或主机已重新启动。</translation>
    </message>
    <message>
        <source>%1 reaches %2, which has %3.</source>
        <translation>%1 可以连接到 %2，后者有 %3。</translation>
    </message>
    <message>
        <source>%1 cannot run Weft on %2: %3. The first host needs a key for the others, and each of them Weft.</source>
        <translation>%1 无法在 %2 上运行 Weft：%3。第一台主机需要其他主机的密钥，且每台主机都需要 Weft。</translation>
    </message>
    <message>
        <source>The program %1 is not installed, or not on PATH.</source>
        <translation>程序 %1 未安装，或不在 PATH 中。</translation>
    </message>
    <message>
        <source>%1 could not be started: %2.</source>
        <translation>无法启动 %1：%2。</translation>
    </message>
    <message>
        <source>%1 failed: %2</source>
        <translation>%1 失败：%2</translation>
    </message>
    <message>
        <source>The results are gone: what held them has ended before they were fetched.</source>
        <translation>结果已丢失：存放结果的位置在取回之前已结束。</translation>
    </message>
    <message>
        <source>The target does not know the job any more: it was removed from outside.</source>
        <translation>目标不再认识该作业：它已被外部移除。</translation>
    </message>
    <message>
        <source>The job ended without a word; job.log in the run folder has what it printed.</source>
        <translation>作业没有任何说明就结束了；运行文件夹中的 job.log 保存了其输出。</translation>
    </message>
    <message>
        <source>No target trains the run %1: it has no target.json.</source>
        <translation>没有目标在训练运行 %1：它没有 target.json。</translation>
    </message>
    <message>
        <source>%1 is damaged: it has no %2.</source>
        <translation>%1 已损坏：缺少 %2。</translation>
    </message>
    <message>
        <source>%1 could not be read: %2.</source>
        <translation>无法读取 %1：%2。</translation>
    </message>
    <message>
        <source>The data could not be copied to %1: %2. It takes rsync on both sides, and room.</source>
        <translation>无法将数据复制到 %1：%2。两端都需要 rsync，并有足够的空间。</translation>
    </message>
    <message>
        <source>%1 has %2, but Weft starts its ranks by Open MPI 4. Install 4.1 there, or load its module.</source>
        <translation>%1 有 %2，但 Weft 用 Open MPI 4 启动各进程。请在那里安装 4.1，或加载其模块。</translation>
    </message>
    <message>
        <source>The job on %1 does not train yet, so nobody would answer. weft runs delete %2 takes it back.</source>
        <translation>%1 上的作业尚未开始训练，因此无人应答。weft runs delete %2 可将其撤回。</translation>
    </message>
    <message>
        <source>The job on %1 has ended, so nobody would answer. weft follow %2 fetches what it left.</source>
        <translation>%1 上的作业已结束，因此无人应答。weft follow %2 可取回其结果。</translation>
    </message>
    <message>
        <source>The job on %1 gave no answer within %2 seconds. weft follow %3 shows what it does.</source>
        <translation>%1 上的作业在 %2 秒内没有应答。weft follow %3 可查看其状况。</translation>
    </message>
    <message>
        <source>%1 has %2 and %3, but %4 has %5 and %6. Bring all hosts to the same versions.</source>
        <translation>%1 上是 %2 和 %3，而 %4 上是 %5 和 %6。请让所有主机使用相同的版本。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no place for images: give a registry as HOST[:PORT][/FOLDER]..., with folders in small letters.</source>
        <translation>“%1”不是存放镜像的地方：请以 HOST[:PORT][/FOLDER]... 的形式给出镜像仓库，其中文件夹用小写字母。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no tag of an image: take up to 128 letters, digits, _, . and -.</source>
        <translation>“%1”不是镜像标签：最多使用 128 个字母、数字、_、. 和 -。</translation>
    </message>
    <message>
        <source>The plugin %1, which joins the ranks, is not installed. Build Weft where Open MPI&apos;s headers are.</source>
        <translation>连接各进程的插件 %1 没有安装。请在装有 Open MPI 头文件的机器上构建 Weft。</translation>
    </message>
    <message>
        <source>Only folders of pictures can be cut into shards: IDX files, tables and texts are read as a whole by every rank. Set data=copy for the target %1.</source>
        <translation>只有图片文件夹可以切分成分片：IDX 文件、表格和文本由每个进程整体读取。请为目标 %1 设置 data=copy。</translation>
    </message>
    <message>
        <source>The data cannot be cut into shards: a parameter server hands every batch to whichever worker is free. Set data=copy for the target %1, or training.distributed.update to &quot;allReduce&quot;.</source>
        <translation>数据不能切分成分片：参数服务器把每个批次交给任何空闲的工作进程。请为目标 %1 设置 data=copy，或将 training.distributed.update 设为 &quot;allReduce&quot;。</translation>
    </message>
    <message>
        <source>Jobs of this target wait in a queue, so its link is not measured from here. Run weft link as a job of two ranks there (under mpirun or srun), and give what it says by --link.</source>
        <translation>此目标的作业要排队，因此不从这里测量其链路。请在那里以两个进程的作业运行 weft link（用 mpirun 或 srun），并把结果用 --link 给出。</translation>
    </message>
    <message>
        <source>The run lost rank %1 on %2: %3.</source>
        <translation>运行失去了 %2 上的进程 %1：%3。</translation>
    </message>
</context>
<context>
    <name>Layer</name>
    <message>
        <source>Initializer</source>
        <translation>初始化</translation>
    </message>
    <message>
        <source>%1 computes with real numbers, but gets %2 %3. Tokens need an embedding first.</source>
        <translation>%1 用实数计算，但收到的是 %2 %3。词元需要先做嵌入。</translation>
    </message>
    <message>
        <source>%1 needs images [N, channels, height, width], but gets %2. Put it before Flatten and Dense, or give the Input a shape such as [1, 28, 28].</source>
        <translation>%1 需要图像 [N, 通道, 高, 宽]，但收到的是 %2。请把它放在展平层和全连接层之前，或者给输入层一个 [1, 28, 28] 这样的形状。</translation>
    </message>
    <message>
        <source>%1 needs images of a fixed size, but gets %2.</source>
        <translation>%1 需要大小固定的图像，但收到的是 %2。</translation>
    </message>
    <message>
        <source>&quot;axis&quot; of %1 is %2, but %3 has the axes 1 to %4 beside the batch.</source>
        <translation>%1 的“axis”是 %2，但 %3 除批以外只有轴 1 到 %4。</translation>
    </message>
    <message>
        <source>Kernel size</source>
        <translation>核大小</translation>
    </message>
    <message>
        <source>Height and width of the window, in pixels.</source>
        <translation>窗口的高和宽，以像素为单位。</translation>
    </message>
    <message>
        <source>Stride</source>
        <translation>步幅</translation>
    </message>
    <message>
        <source>How far the window moves, down and across. 2 halves the image.</source>
        <translation>窗口向下和向右移动的距离。2 会使图像减半。</translation>
    </message>
    <message>
        <source>Padding</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>valid adds no border; same adds what keeps the size at stride 1; explicit adds what &quot;pad&quot; says.</source>
        <translation>“无填充”不加边框；“保持尺寸”在步幅为 1 时保持大小；“自定边框”按“边框”添加。</translation>
    </message>
    <message>
        <source>Border</source>
        <translation>边框</translation>
    </message>
    <message>
        <source>Pixels added above and below, and left and right, with explicit padding.</source>
        <translation>使用“自定边框”填充时，上下和左右各添加的像素数。</translation>
    </message>
    <message>
        <source>The %1 window of %2 does not fit images of %3, so nothing would be left. Use a smaller kernel, padding &quot;same&quot;, or fewer layers that shrink the image.</source>
        <translation>%2 的 %1 窗口放不进 %3 的图像，结果会是空的。请用更小的核、“保持尺寸”填充，或减少缩小图像的层。</translation>
    </message>
    <message>
        <source>Use padding &quot;same&quot;</source>
        <translation>使用“保持尺寸”填充</translation>
    </message>
    <message>
        <source>Epsilon</source>
        <translation>Epsilon</translation>
    </message>
    <message>
        <source>Added to the variance, so that nothing is divided by 0.</source>
        <translation>加到方差上，避免除以 0。</translation>
    </message>
    <message>
        <source>Scale and shift</source>
        <translation>缩放和平移</translation>
    </message>
    <message>
        <source>Multiplies by a learned number and adds another one afterwards.</source>
        <translation>归一化之后乘以一个学到的数，再加上另一个。</translation>
    </message>
    <message>
        <source>%1 needs values of one shape, but gets %2 and %3. Bring them to one shape first, for example with a Conv2D of matching filters and stride.</source>
        <translation>%1 需要形状相同的值，但收到的是 %2 和 %3。请先统一形状，例如用卷积核数和步幅相配的二维卷积层。</translation>
    </message>
    <message>
        <source>%1 needs channels or features on the second axis [N, C, ...], but gets %2.</source>
        <translation>%1 需要第二个轴是通道或特征 [N, C, ...]，但收到的是 %2。</translation>
    </message>
    <message>
        <source>Insert Reshape</source>
        <translation>插入变形层</translation>
    </message>
    <message>
        <source>%1 needs sequences of a fixed length, [N, length, features], but gets %2. Bring them to that shape with a Reshape, for example to [28, 28].</source>
        <translation>%1 需要固定长度的序列 [N, 长度, 特征]，但收到的是 %2。请用变形层把它变成这种形状，例如 [28, 28]。</translation>
    </message>
    <message>
        <source>Length of the window, in steps of the sequence.</source>
        <translation>窗口的长度，以序列的时间步计。</translation>
    </message>
    <message>
        <source>How far the window moves. 2 halves the sequence.</source>
        <translation>窗口每次移动多远。2 使序列减半。</translation>
    </message>
    <message>
        <source>Steps added before and behind the sequence, with explicit padding.</source>
        <translation>显式填充时，在序列前后各增加的时间步数。</translation>
    </message>
    <message>
        <source>The window of %1, %2 steps long, does not fit sequences of %3, so nothing would be left. Use a smaller kernel or padding &quot;same&quot;.</source>
        <translation>%1 的窗口长 %2 步，放不进长度为 %3 的序列，结果什么也不剩。请使用更小的窗口或“保持尺寸”填充。</translation>
    </message>
    <message>
        <source>How the kernel starts. Glorot suits most layers, He layers followed by ReLU, LeCun those followed by SELU. Orthogonal keeps lengths through deep and recurrent networks; the truncated normal has the deviation 0.02, usual for Transformers.</source>
        <translation>权重的初始方式。Glorot 适合大多数层，He 适合后接 ReLU 的层，LeCun 适合后接 SELU 的层。正交初始化在深层和循环网络中保持长度；截断正态的标准差为 0.02，常用于 Transformer。</translation>
    </message>
    <message>
        <source>Insert Embedding</source>
        <translation>插入词嵌入层</translation>
    </message>
    <message>
        <source>%1 needs sequences [N, length, features], but gets %2. Bring them to that shape with a Reshape, for example to [28, 28].</source>
        <translation>%1 需要序列 [N, 长度, 特征]，但收到的是 %2。请用变形层变成这种形状，例如 [28, 28]。</translation>
    </message>
    <message>
        <source>Round up</source>
        <translation>向上取整</translation>
    </message>
    <message>
        <source>Takes a last window that reaches over the border, so that the size is rounded up; off leaves such pixels out.</source>
        <translation>最后一个窗口可越过边缘，使尺寸向上取整；关闭则舍去这些像素。</translation>
    </message>
    <message>
        <source>%1 needs volumes [N, channels, depth, height, width] of a fixed size, but gets %2. Bring them to that shape with a Reshape, for example to [1, 16, 16, 16].</source>
        <translation>%1 需要大小固定的体数据 [N, 通道, 深, 高, 宽]，但收到的是 %2。请用 Reshape 变成这样的形状，例如 [1, 16, 16, 16]。</translation>
    </message>
    <message>
        <source>Depth, height and width of the window.</source>
        <translation>窗口的深、高和宽。</translation>
    </message>
    <message>
        <source>How far the window moves along depth, height and width. 2 halves the volume.</source>
        <translation>窗口沿深、高和宽移动的距离。2 会使体数据减半。</translation>
    </message>
    <message>
        <source>Elements added before and behind along depth, height and width, with explicit padding.</source>
        <translation>使用 explicit 填充时，沿深、高和宽在前后各添加的元素数。</translation>
    </message>
    <message>
        <source>%1 has %2 groups, which do not divide its %3 input channels and %4 filters evenly.</source>
        <translation>%1 有 %2 个分组，不能整除它的 %3 个输入通道和 %4 个卷积核。</translation>
    </message>
    <message>
        <source>Use one group</source>
        <translation>只用一个分组</translation>
    </message>
</context>
<context>
    <name>LayerName</name>
    <message>
        <source>AdaptiveAveragePool2D</source>
        <translation>自适应平均池化</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>相加</translation>
    </message>
    <message>
        <source>Average</source>
        <translation>取平均</translation>
    </message>
    <message>
        <source>AveragePool1D</source>
        <translation>一维平均池化</translation>
    </message>
    <message>
        <source>AveragePool2D</source>
        <translation>二维平均池化</translation>
    </message>
    <message>
        <source>BatchNorm</source>
        <translation>批归一化</translation>
    </message>
    <message>
        <source>BinaryCrossEntropy</source>
        <translation>二元交叉熵</translation>
    </message>
    <message>
        <source>ClippedReLU</source>
        <translation>截断 ReLU</translation>
    </message>
    <message>
        <source>Concat</source>
        <translation>拼接</translation>
    </message>
    <message>
        <source>Conv1D</source>
        <translation>一维卷积</translation>
    </message>
    <message>
        <source>Conv2D</source>
        <translation>二维卷积</translation>
    </message>
    <message>
        <source>Conv2DTranspose</source>
        <translation>转置卷积</translation>
    </message>
    <message>
        <source>CosineSimilarity</source>
        <translation>余弦相似度</translation>
    </message>
    <message>
        <source>Cropping2D</source>
        <translation>裁剪</translation>
    </message>
    <message>
        <source>CrossEntropy</source>
        <translation>交叉熵</translation>
    </message>
    <message>
        <source>Dense</source>
        <translation>全连接</translation>
    </message>
    <message>
        <source>DepthwiseConv2D</source>
        <translation>逐通道卷积</translation>
    </message>
    <message>
        <source>Dot</source>
        <translation>点积</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>随机失活</translation>
    </message>
    <message>
        <source>ELU</source>
        <translation>ELU</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>词嵌入</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>展平</translation>
    </message>
    <message>
        <source>Focal</source>
        <translation>焦点损失</translation>
    </message>
    <message>
        <source>GaussianKL</source>
        <translation>高斯 KL 散度</translation>
    </message>
    <message>
        <source>GaussianNoise</source>
        <translation>高斯噪声</translation>
    </message>
    <message>
        <source>GELU</source>
        <translation>GELU</translation>
    </message>
    <message>
        <source>GlobalAveragePool2D</source>
        <translation>全局平均池化</translation>
    </message>
    <message>
        <source>GlobalMaxPool2D</source>
        <translation>全局最大池化</translation>
    </message>
    <message>
        <source>GroupNorm</source>
        <translation>组归一化</translation>
    </message>
    <message>
        <source>GRU</source>
        <translation>GRU</translation>
    </message>
    <message>
        <source>HardSwish</source>
        <translation>HardSwish</translation>
    </message>
    <message>
        <source>Hinge</source>
        <translation>铰链损失</translation>
    </message>
    <message>
        <source>Huber</source>
        <translation>Huber 损失</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>InstanceNorm</source>
        <translation>实例归一化</translation>
    </message>
    <message>
        <source>KLDivergence</source>
        <translation>KL 散度</translation>
    </message>
    <message>
        <source>LayerNorm</source>
        <translation>层归一化</translation>
    </message>
    <message>
        <source>LeakyReLU</source>
        <translation>LeakyReLU</translation>
    </message>
    <message>
        <source>LocalResponseNorm</source>
        <translation>局部响应归一化</translation>
    </message>
    <message>
        <source>LSTM</source>
        <translation>LSTM</translation>
    </message>
    <message>
        <source>MaxOverTime</source>
        <translation>时间最大</translation>
    </message>
    <message>
        <source>MaxPool1D</source>
        <translation>一维最大池化</translation>
    </message>
    <message>
        <source>MaxPool2D</source>
        <translation>二维最大池化</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>取最大</translation>
    </message>
    <message>
        <source>MeanAbsoluteError</source>
        <translation>平均绝对误差</translation>
    </message>
    <message>
        <source>MeanOverTime</source>
        <translation>时间平均</translation>
    </message>
    <message>
        <source>MeanSquaredError</source>
        <translation>均方误差</translation>
    </message>
    <message>
        <source>Mish</source>
        <translation>Mish</translation>
    </message>
    <message>
        <source>MultiHeadAttention</source>
        <translation>多头注意力</translation>
    </message>
    <message>
        <source>Multiply</source>
        <translation>相乘</translation>
    </message>
    <message>
        <source>Normalize</source>
        <translation>标准化</translation>
    </message>
    <message>
        <source>Permute</source>
        <translation>轴置换</translation>
    </message>
    <message>
        <source>PositionalEncoding</source>
        <translation>位置编码</translation>
    </message>
    <message>
        <source>PReLU</source>
        <translation>PReLU</translation>
    </message>
    <message>
        <source>ReLU</source>
        <translation>ReLU</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>Reshape</source>
        <translation>变形</translation>
    </message>
    <message>
        <source>RMSNorm</source>
        <translation>均方根归一化</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>采样</translation>
    </message>
    <message>
        <source>ScaledDotProductAttention</source>
        <translation>缩放点积注意力</translation>
    </message>
    <message>
        <source>SELU</source>
        <translation>SELU</translation>
    </message>
    <message>
        <source>SeparableConv2D</source>
        <translation>可分离卷积</translation>
    </message>
    <message>
        <source>Sigmoid</source>
        <translation>Sigmoid</translation>
    </message>
    <message>
        <source>SiLU</source>
        <translation>SiLU</translation>
    </message>
    <message>
        <source>SimpleRNN</source>
        <translation>简单循环层</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>切片</translation>
    </message>
    <message>
        <source>Softmax</source>
        <translation>Softmax</translation>
    </message>
    <message>
        <source>Softplus</source>
        <translation>Softplus</translation>
    </message>
    <message>
        <source>SpatialDropout2D</source>
        <translation>通道随机失活</translation>
    </message>
    <message>
        <source>Subtract</source>
        <translation>相减</translation>
    </message>
    <message>
        <source>Tanh</source>
        <translation>Tanh</translation>
    </message>
    <message>
        <source>TransformerDecoder</source>
        <translation>Transformer 解码器</translation>
    </message>
    <message>
        <source>TransformerEncoder</source>
        <translation>Transformer 编码器</translation>
    </message>
    <message>
        <source>UpSample2D</source>
        <translation>上采样</translation>
    </message>
    <message>
        <source>ZeroPadding2D</source>
        <translation>零填充</translation>
    </message>
    <message>
        <source>BlockInput</source>
        <translation>模块输入</translation>
    </message>
    <message>
        <source>BlockOutput</source>
        <translation>模块输出</translation>
    </message>
    <message>
        <source>AdaptiveMaxPool2D</source>
        <translation>自适应最大池化</translation>
    </message>
    <message>
        <source>AveragePool3D</source>
        <translation>三维平均池化</translation>
    </message>
    <message>
        <source>ClassToken</source>
        <translation>类别标记</translation>
    </message>
    <message>
        <source>Conv3D</source>
        <translation>三维卷积</translation>
    </message>
    <message>
        <source>GlobalAveragePool3D</source>
        <translation>三维全局平均池化</translation>
    </message>
    <message>
        <source>GlobalMaxPool3D</source>
        <translation>三维全局最大池化</translation>
    </message>
    <message>
        <source>MaxPool3D</source>
        <translation>三维最大池化</translation>
    </message>
    <message>
        <source>Triplet</source>
        <translation>三元组损失</translation>
    </message>
</context>
<context>
    <name>LayerNorm</name>
    <message>
        <source>LayerNorm needs features on the last axis [N, ..., features], but gets %1.</source>
        <translation>层归一化需要最后一个轴是特征 [N, ..., features]，但收到的是 %1。</translation>
    </message>
    <message>
        <source>Keeps the features of each sample around 0 with deviation 1.</source>
        <translation>让每个样本的特征保持在 0 附近，标准差为 1。</translation>
    </message>
    <message>
        <source>Normalises the last axis of each sample or time step by itself, so it works the same in training and prediction and with any batch size. The usual normalisation of transformers.</source>
        <translation>对每个样本或时间步的最后一个轴单独归一化，因此在训练和预测中、在任何批大小下都一样。这是 Transformer 常用的归一化。</translation>
    </message>
</context>
<context>
    <name>LeakyReLU</name>
    <message>
        <source>Passes positive values and lets a little of negative ones through.</source>
        <translation>正值原样通过，负值也放行一小部分。</translation>
    </message>
    <message>
        <source>Like ReLU, but units whose input is negative still learn. y = x where x &gt; 0, else slope · x.</source>
        <translation>类似 ReLU，但输入为负的单元仍能学习。x &gt; 0 时 y = x，否则 y = slope · x。</translation>
    </message>
    <message>
        <source>Slope</source>
        <translation>斜率</translation>
    </message>
    <message>
        <source>Share of a negative value that passes. 0 is ReLU; 0.01 is usual, 0.2 in generative networks.</source>
        <translation>负值通过的比例。0 即 ReLU；常用 0.01，生成网络中用 0.2。</translation>
    </message>
</context>
<context>
    <name>LocalResponseNorm</name>
    <message>
        <source>Dampens values whose neighbouring channels are strong.</source>
        <translation>削弱相邻通道很强的值。</translation>
    </message>
    <message>
        <source>The normalisation of AlexNet: each value is divided by (k + alpha · m)^beta, where m is the mean of the squares of neighbouring channels at the same pixel. Newer networks use BatchNorm. It has nothing to learn.</source>
        <translation>AlexNet 的归一化：每个值除以 (k + alpha · m)^beta，其中 m 是同一像素处相邻通道平方的平均值。较新的网络使用批归一化。它没有可学习的参数。</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>How many neighbouring channels count, the value&apos;s own among them.</source>
        <translation>计入多少个相邻通道，包括该值自己的通道。</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation>Alpha</translation>
    </message>
    <message>
        <source>How strongly the neighbours dampen.</source>
        <translation>相邻通道削弱的程度。</translation>
    </message>
    <message>
        <source>Beta</source>
        <translation>Beta</translation>
    </message>
    <message>
        <source>The exponent of the divisor.</source>
        <translation>除数的指数。</translation>
    </message>
    <message>
        <source>k</source>
        <translation>k</translation>
    </message>
    <message>
        <source>What the divisor has without any neighbours; above 0, so that it never vanishes.</source>
        <translation>没有任何相邻通道时的除数；大于 0，使它永不为零。</translation>
    </message>
</context>
<context>
    <name>Loss</name>
    <message>
        <source>Target column</source>
        <translation>目标列</translation>
    </message>
    <message>
        <source>The column of the data that holds what should be predicted. A wire to the target port takes its place.</source>
        <translation>数据中存放预测目标的列。接到目标端口的连线会代替它。</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>The loss counts this much in the sum that training lowers.</source>
        <translation>这个损失在训练所降低的总和中所占的分量。</translation>
    </message>
    <message>
        <source>Training only</source>
        <translation>仅训练时</translation>
    </message>
    <message>
        <source>Leaves this loss and its output out of evaluation, prediction and export, as for auxiliary heads.</source>
        <translation>评估、预测和导出时不包含这个损失及其输出，例如辅助分支。</translation>
    </message>
    <message>
        <source>The prediction asks for a target of shape %1, but the wired target is %2.</source>
        <translation>这个预测需要形状为 %1 的目标，但接入的目标是 %2。</translation>
    </message>
    <message>
        <source>This loss has no target: name a column in &quot;target&quot; or wire the target port.</source>
        <translation>这个损失没有目标：请在“target”中指定一列，或连接目标端口。</translation>
    </message>
    <message>
        <source>Insert Flatten</source>
        <translation>插入展平层</translation>
    </message>
    <message>
        <source>%1 needs one score for each class, [N, classes], but gets %2. Put Flatten and a Dense layer with one unit for each class before it.</source>
        <translation>%1 需要每个类别一个分数 [N, 类别数]，但收到的是 %2。请在它前面放展平层和一个单元数等于类别数的全连接层。</translation>
    </message>
    <message>
        <source>%1 needs scores of at least two classes, but gets %2. Give the Dense layer before it one unit for each class.</source>
        <translation>%1 至少需要两个类别的分数，但收到的是 %2。请让前面的全连接层每个类别有一个单元。</translation>
    </message>
    <message>
        <source>%1 contains softmax, so %2 before it squeezes the scores twice and training gets slow. Take %2 out.</source>
        <translation>%1 已包含 softmax，前面的 %2 会把分数压缩两次，使训练变慢。请去掉 %2。</translation>
    </message>
    <message>
        <source>Take %1 out</source>
        <translation>去掉 %1</translation>
    </message>
    <message>
        <source>%1 compares with the numbers of the right classes, but the wired target holds %2.</source>
        <translation>%1 与正确类别的编号比较，但接入的目标是 %2。</translation>
    </message>
    <message>
        <source>%1 compares with real numbers, but the wired target holds %2.</source>
        <translation>%1 与实数比较，但接入的目标是 %2。</translation>
    </message>
</context>
<context>
    <name>MaxOverTime</name>
    <message>
        <source>Takes the largest value of each feature over all steps of a sequence.</source>
        <translation>取每个特征在序列所有时间步上的最大值。</translation>
    </message>
    <message>
        <source>[N, T, features] becomes [N, features]: what was seen most strongly anywhere in the sequence. Steps that only pad a sequence do not count.</source>
        <translation>[N, T, features] 变成 [N, features]：序列中任何位置出现过的最强信号。仅作填充的时间步不计入。</translation>
    </message>
</context>
<context>
    <name>MaxPool1D</name>
    <message>
        <source>The border of MaxPool1D, %1, must be smaller than its window, %2.</source>
        <translation>一维最大池化的边框 %1 必须小于它的窗口 %2。</translation>
    </message>
    <message>
        <source>Use padding &quot;same&quot;</source>
        <translation>使用“保持尺寸”填充</translation>
    </message>
    <message>
        <source>Keeps the largest value of each window along a sequence.</source>
        <translation>沿序列保留每个窗口的最大值。</translation>
    </message>
    <message>
        <source>Makes a sequence [N, length, features] shorter: a window of 2 with stride 2 halves it. It has nothing to learn.</source>
        <translation>使序列 [N, 长度, 特征] 变短：窗口为 2、步幅为 2 时减半。它没有可学习的参数。</translation>
    </message>
</context>
<context>
    <name>MaxPool2D</name>
    <message>
        <source>Keeps the largest value of each window: shrinks an image.</source>
        <translation>保留每个窗口的最大值：缩小图像。</translation>
    </message>
    <message>
        <source>Makes the image smaller and the network less sensitive to where exactly something is. A 2 x 2 window with stride 2 halves height and width. It has nothing to learn.</source>
        <translation>缩小图像，使网络对物体的确切位置不那么敏感。2 x 2 的窗口配步幅 2 会使高和宽减半。它没有可学习的参数。</translation>
    </message>
</context>
<context>
    <name>MaxPool3D</name>
    <message>
        <source>Keeps the largest value of each box: shrinks a volume.</source>
        <translation>保留每个小方块的最大值：缩小体数据。</translation>
    </message>
    <message>
        <source>A 2 x 2 x 2 window with stride 2 halves depth, height and width, which leaves an eighth of the elements. It has nothing to learn.</source>
        <translation>2 x 2 x 2 的窗口、步长 2 使深、高、宽都减半，剩下八分之一的元素。它没有可学习的参数。</translation>
    </message>
</context>
<context>
    <name>Maximum</name>
    <message>
        <source>Keeps the largest of values of one shape, element by element.</source>
        <translation>对形状相同的值逐元素取最大值。</translation>
    </message>
    <message>
        <source>Wire two or more values of the same shape into it. The gradient goes to the value that was largest; equal ones share it.</source>
        <translation>接入两个或更多形状相同的值。梯度传给其中最大的值；相等的值平分梯度。</translation>
    </message>
</context>
<context>
    <name>MeanAbsoluteError</name>
    <message>
        <source>The loss for predicting numbers: the mean distance to the target.</source>
        <translation>用于预测数值的损失：到目标的平均距离。</translation>
    </message>
    <message>
        <source>Unlike MeanSquaredError it does not let a few far outliers dominate: every unit of distance counts the same. The best constant answer is the median of the targets.</source>
        <translation>与均方误差不同，它不会让少数很远的离群值占主导：每单位距离同样计算。最好的常数答案是目标的中位数。</translation>
    </message>
</context>
<context>
    <name>MeanOverTime</name>
    <message>
        <source>Takes the mean of all steps of a sequence.</source>
        <translation>取序列所有时间步的平均值。</translation>
    </message>
    <message>
        <source>[N, T, features] becomes [N, features]. Steps that only pad a sequence do not count. With an Embedding before it and a Dense layer behind it, it makes the simplest classifier of texts: a bag of words.</source>
        <translation>[N, T, features] 变成 [N, features]。仅作填充的时间步不计入。前接词嵌入层、后接全连接层，就是最简单的文本分类器：词袋模型。</translation>
    </message>
</context>
<context>
    <name>MeanSquaredError</name>
    <message>
        <source>The loss for predicting numbers: the mean of the squared differences.</source>
        <translation>用于预测数值的损失：差的平方的平均值。</translation>
    </message>
    <message>
        <source>For regression, wire the prediction and name the target column. For an autoencoder, wire the Input to the target port, so that the network learns to reproduce what it sees.</source>
        <translation>做回归时，连接预测并指定目标列。做自编码器时，把输入层接到目标端口，让网络学会重现它所看到的内容。</translation>
    </message>
</context>
<context>
    <name>Mish</name>
    <message>
        <source>A smooth activation that lets small negative values through.</source>
        <translation>平滑的激活函数，允许较小的负值通过。</translation>
    </message>
    <message>
        <source>y = x · tanh(ln(1 + exp(x))). Used in some object detectors; slower than ReLU.</source>
        <translation>y = x · tanh(ln(1 + exp(x)))。用于一些目标检测网络；比 ReLU 慢。</translation>
    </message>
</context>
<context>
    <name>MultiHeadAttention</name>
    <message>
        <source>Learns which steps should look at which others.</source>
        <translation>学习哪些时间步应当关注哪些时间步。</translation>
    </message>
    <message>
        <source>Queries, keys and values go through learned weights, several heads attend side by side, and their answers are joined. With only query wired it is self-attention; wire key to another sequence for attention between two. Padding is left out.</source>
        <translation>查询、键和值先经过可学习的权重，多个头并行地计算注意力，再把结果合并。只连接 query 时为自注意力；把 key 连接到另一个序列，则为两个序列之间的注意力。填充不计入。</translation>
    </message>
</context>
<context>
    <name>Multiply</name>
    <message>
        <source>Multiplies values of one shape, element by element.</source>
        <translation>把形状相同的值逐元素相乘。</translation>
    </message>
    <message>
        <source>Wire two or more values of the same shape into it. Multiplying by the output of a Sigmoid makes a gate: it lets through what the gate opens.</source>
        <translation>接入两个或更多形状相同的值。与 Sigmoid 的输出相乘就成为门控：门打开多少，就通过多少。</translation>
    </message>
</context>
<context>
    <name>Network</name>
    <message>
        <source>Set &quot;%1&quot; to %2</source>
        <translation>把“%1”设为 %2</translation>
    </message>
    <message>
        <source>&quot;%2&quot; of %1 is %3, but must lie between %4 and %5.</source>
        <translation>%1 的“%2”是 %3，但必须在 %4 和 %5 之间。</translation>
    </message>
    <message>
        <source>&quot;%2&quot; of %1 must hold whole numbers only.</source>
        <translation>%1 的“%2”只能包含整数。</translation>
    </message>
    <message>
        <source>&quot;%2&quot; of %1 must be a list of whole numbers, such as [5, 5].</source>
        <translation>%1 的“%2”必须是整数列表，例如 [5, 5]。</translation>
    </message>
    <message>
        <source>&quot;%2&quot; of %1 must have %3 numbers, but has %4.</source>
        <translation>%1 的“%2”必须有 %3 个数，但有 %4 个。</translation>
    </message>
    <message>
        <source>&quot;%2&quot; of %1 must be one of: %3.</source>
        <translation>%1 的“%2”必须是以下之一：%3。</translation>
    </message>
    <message>
        <source>&quot;%2&quot; of %1 must be a whole number.</source>
        <translation>%1 的“%2”必须是整数。</translation>
    </message>
    <message>
        <source>&quot;%2&quot; of %1 must be a number.</source>
        <translation>%1 的“%2”必须是数。</translation>
    </message>
    <message>
        <source>&quot;%2&quot; of %1 must be true or false.</source>
        <translation>%1 的“%2”必须是 true 或 false。</translation>
    </message>
    <message>
        <source>&quot;%2&quot; of %1 must be a text in quotes.</source>
        <translation>%1 的“%2”必须是引号中的文字。</translation>
    </message>
    <message>
        <source>&quot;%2&quot; of %1 must be a list of numbers, such as [0.5, 0.5, 0.5].</source>
        <translation>%1 的“%2”必须是数的列表，例如 [0.5, 0.5, 0.5]。</translation>
    </message>
    <message>
        <source>&quot;%2&quot; of %1 must hold numbers only.</source>
        <translation>%1 的“%2”只能包含数。</translation>
    </message>
    <message>
        <source>Add %1</source>
        <translation>添加 %1</translation>
    </message>
    <message>
        <source>The network has no Input, so no data enters it.</source>
        <translation>网络没有输入层，数据无法进入。</translation>
    </message>
    <message>
        <source>The network has no loss, so it cannot be trained. Wire its last layer to a loss such as CrossEntropy.</source>
        <translation>网络没有损失，无法训练。请把最后一层接到损失上，例如交叉熵。</translation>
    </message>
    <message>
        <source>Nothing uses the output &quot;%1&quot;.</source>
        <translation>输出“%1”没有被使用。</translation>
    </message>
    <message>
        <source>The network is empty. Add an Input and the layers that should learn.</source>
        <translation>网络是空的。请添加输入层和要学习的层。</translation>
    </message>
    <message>
        <source>The edit of %1 does not fit the network as it is now.</source>
        <translation>对 %1 的修改与网络现在的样子不符。</translation>
    </message>
    <message>
        <source>The column &quot;%1&quot; is read as %2 %3 here, but as %4 %5 by %6.</source>
        <translation>列“%1”在这里读作 %2 %3，但 %6 把它读作 %4 %5。</translation>
    </message>
    <message>
        <source>The shape %1 has more elements than any machine can hold.</source>
        <translation>形状 %1 的元素多到任何机器都放不下。</translation>
    </message>
    <message>
        <source>Two nodes have the id &quot;%1&quot;; each needs its own.</source>
        <translation>有两个节点的 id 都是“%1”；每个节点需要自己的 id。</translation>
    </message>
    <message>
        <source>There is no layer &quot;%1&quot;.</source>
        <translation>没有名为“%1”的层。</translation>
    </message>
    <message>
        <source>There is no layer &quot;%1&quot;. Did you mean &quot;%2&quot;?</source>
        <translation>没有名为“%1”的层。是指“%2”吗？</translation>
    </message>
    <message>
        <source>Make it &quot;%1&quot;</source>
        <translation>改为“%1”</translation>
    </message>
    <message>
        <source>Use the default of &quot;%1&quot;</source>
        <translation>使用“%1”的默认值</translation>
    </message>
    <message>
        <source>Rename it to &quot;%1&quot;</source>
        <translation>改名为“%1”</translation>
    </message>
    <message>
        <source>Remove &quot;%1&quot;</source>
        <translation>删除“%1”</translation>
    </message>
    <message>
        <source>%1 has no parameter &quot;%2&quot;.</source>
        <translation>%1 没有参数“%2”。</translation>
    </message>
    <message>
        <source>%1 has no parameter &quot;%2&quot;. Did you mean &quot;%3&quot;?</source>
        <translation>%1 没有参数“%2”。是指“%3”吗？</translation>
    </message>
    <message>
        <source>Remove this wire</source>
        <translation>删除这条连线</translation>
    </message>
    <message>
        <source>The wire from %1 to %2 has a loose end: there is no node &quot;%3&quot;.</source>
        <translation>从 %1 到 %2 的连线有一端悬空：没有节点“%3”。</translation>
    </message>
    <message>
        <source>The wire to %1 starts at %2, but %3 has no outputs.</source>
        <translation>到 %1 的连线从 %2 出发，但 %3 没有输出。</translation>
    </message>
    <message>
        <source>The wire to %1 starts at %2, but %3 has no output &quot;%4&quot;. Its outputs: %5.</source>
        <translation>到 %1 的连线从 %2 出发，但 %3 没有输出“%4”。它的输出：%5。</translation>
    </message>
    <message>
        <source>The wire from %1 ends at %2, but %3 has no inputs.</source>
        <translation>从 %1 出发的连线终止于 %2，但 %3 没有输入。</translation>
    </message>
    <message>
        <source>The wire from %1 ends at %2, but %3 has no input &quot;%4&quot;. Its inputs: %5.</source>
        <translation>从 %1 出发的连线终止于 %2，但 %3 没有输入“%4”。它的输入：%5。</translation>
    </message>
    <message>
        <source>Input &quot;%1&quot; of %2 takes two or more wires, but has %3.</source>
        <translation>%2 的输入“%1”需要两条或更多连线，但有 %3 条。</translation>
    </message>
    <message>
        <source>Nothing is wired to input &quot;%1&quot; of %2.</source>
        <translation>%2 的输入“%1”没有接线。</translation>
    </message>
    <message>
        <source>Remove the wire from %1</source>
        <translation>删除来自 %1 的连线</translation>
    </message>
    <message>
        <source>Two wires end at input &quot;%1&quot;: from %2 and from %3. An input takes one wire; join values with Add or Concat.</source>
        <translation>有两条连线接到输入“%1”：来自 %2 和 %3。一个输入只接一条线；请用相加层或拼接层合并。</translation>
    </message>
    <message>
        <source>Wire %1 to it</source>
        <translation>把 %1 接上去</translation>
    </message>
    <message>
        <source>Give it its own weights</source>
        <translation>让它使用自己的权重</translation>
    </message>
    <message>
        <source>It shares the weights of &quot;%1&quot;, which is no other node.</source>
        <translation>它共享“%1”的权重，但这不是另一个节点。</translation>
    </message>
    <message>
        <source>It shares the weights of &quot;%1&quot;, which itself shares those of &quot;%2&quot;. Share with &quot;%2&quot;.</source>
        <translation>它共享“%1”的权重，而后者又共享“%2”的权重。请直接与“%2”共享。</translation>
    </message>
    <message>
        <source>A %1 cannot share the weights of &quot;%2&quot;, which is a %3.</source>
        <translation>%1 不能共享“%2”的权重，因为后者是 %3。</translation>
    </message>
    <message>
        <source>The wires run in a circle: %1. Data flows one way; remove one of these wires.</source>
        <translation>连线形成了环：%1。数据只能单向流动；请删除其中一条连线。</translation>
    </message>
    <message>
        <source>Remove the wire from %1 to %2</source>
        <translation>删除从 %1 到 %2 的连线</translation>
    </message>
    <message>
        <source>Rate factor</source>
        <translation>学习率系数</translation>
    </message>
    <message>
        <source>Multiplies the learning rate of this layer. 0 freezes its weights.</source>
        <translation>乘以该层的学习率。0 表示冻结其权重。</translation>
    </message>
    <message>
        <source>Sequences of up to %1 steps enter here, but up to %2 elsewhere. Give all inputs of variable length the same longest length.</source>
        <translation>此处输入的序列最多 %1 步，别处最多 %2 步。请为所有长度可变的输入设定相同的最大长度。</translation>
    </message>
    <message>
        <source>%1 does not know how long each sequence is, so what follows takes the padding at the end for data. Put it behind a layer that ends the sequence, such as MeanOverTime.</source>
        <translation>%1 不了解每个序列的长度，因此后面的层会把末尾的填充当作数据。请把它放在结束序列的层之后，例如时间平均。</translation>
    </message>
    <message>
        <source>A loss needs one prediction for each sample, but gets a sequence of variable length, %1. Put MeanOverTime or a recurrent layer that returns the last step before it.</source>
        <translation>损失需要每个样本一个预测，但收到的是长度可变的序列 %1。请在它前面放置时间平均，或返回最后一步的循环层。</translation>
    </message>
    <message>
        <source>%1/%2: %3</source>
        <translation>%1/%2：%3</translation>
    </message>
    <message>
        <source>The blocks hold more than %1 layers together. Use fewer instances.</source>
        <translation>所有模块合计超过 %1 个层。请减少实例数量。</translation>
    </message>
    <message>
        <source>%1 is a port of a block and belongs inside one.</source>
        <translation>%1 是模块的端口，只能放在模块内部。</translation>
    </message>
    <message>
        <source>A block cannot contain itself: %1. Take one of these out of the other.</source>
        <translation>模块不能包含自身：%1。请将其中一个从另一个中移出。</translation>
    </message>
    <message>
        <source>%1 shares its weights with %2. Select both or neither to make a block.</source>
        <translation>%1 与 %2 共享权重。组成模块时请同时选中两者，或都不选。</translation>
    </message>
    <message>
        <source>%1 is a port of this block and cannot go into another one.</source>
        <translation>%1 是本模块的端口，不能放入另一个模块。</translation>
    </message>
    <message>
        <source>Select the layers that should become a block.</source>
        <translation>请选择要组成模块的层。</translation>
    </message>
    <message>
        <source>%1 shares its weights with %2. Give it its own weights before taking the block apart.</source>
        <translation>%1 与 %2 共享权重。拆开模块之前，请先让它使用自己的权重。</translation>
    </message>
    <message>
        <source>No activation stands between this layer and the Dense before it, so the two can do no more than one of them.</source>
        <translation>此层与前面的 Dense 之间没有激活函数，因此两层合起来不比一层更强。</translation>
    </message>
    <message>
        <source>Insert %1</source>
        <translation>插入 %1</translation>
    </message>
    <message>
        <source>The bias of %1 does nothing: this layer takes the mean of each channel away, and the bias with it.</source>
        <translation>%1 的偏置不起作用：此层会减去每个通道的均值，偏置也随之消失。</translation>
    </message>
    <message>
        <source>Drop the bias of %1</source>
        <translation>去掉 %1 的偏置</translation>
    </message>
    <message>
        <source>Set the stride of %1 to %2</source>
        <translation>将 %1 的步幅设为 %2</translation>
    </message>
    <message>
        <source>Give %1 %2 outputs</source>
        <translation>让 %1 有 %2 个输出</translation>
    </message>
    <message>
        <source>The data have %2 classes, but this loss gets scores for %1, so it has none for the others. Training needs one score for each class.</source>
        <translation>数据有 %2 个类别，但此损失只得到 %1 个得分，其余类别没有得分。训练需要每个类别一个得分。</translation>
    </message>
    <message>
        <source>The data have %2 classes, but this loss gets scores for %1. Those without a class are never right.</source>
        <translation>数据有 %2 个类别，但此损失得到 %1 个得分。没有对应类别的得分永远不会正确。</translation>
    </message>
    <message>
        <source>The class &quot;%1&quot; has %2 training samples, &quot;%3&quot; only %4. Unless the loss weighs the classes, the network does well by forgetting the rare ones.</source>
        <translation>类别“%1”有 %2 个训练样本，“%3”只有 %4 个。若损失不为类别加权，网络忽略稀有类别也能得到好成绩。</translation>
    </message>
    <message>
        <source>Weigh rare classes more</source>
        <translation>加大稀有类别的权重</translation>
    </message>
    <message>
        <source>The network has %1 weights, but there are only %2 training samples: it can learn them by heart. Stop when the validation gets worse, use fewer features, or gather more data.</source>
        <translation>网络有 %1 个权重，而训练样本只有 %2 个：它可以把样本背下来。请在验证变差时停止、减少特征，或收集更多数据。</translation>
    </message>
    <message>
        <source>Stop after %1 epochs without improvement</source>
        <translation>连续 %1 轮没有改进时停止</translation>
    </message>
    <message>
        <source>Take pictures of %1</source>
        <translation>接收 %1 的图像</translation>
    </message>
    <message>
        <source>Take %1 tokens</source>
        <translation>接收 %1 个词元</translation>
    </message>
    <message>
        <source>Take %1 numbers</source>
        <translation>接收 %1 个数值</translation>
    </message>
    <message>
        <source>The column &quot;%1&quot; has the shape %2, but this layer takes %3. Set its shape to that of the data.</source>
        <translation>列“%1”的形状是 %2，但该层接收的是 %3。请将该层的形状设为数据的形状。</translation>
    </message>
    <message>
        <source>The column &quot;%1&quot; holds values of another kind than this layer takes. Set its kind to that of the data.</source>
        <translation>列“%1”中的值与该层接收的种类不同。请将该层的种类设为数据的种类。</translation>
    </message>
    <message>
        <source>Read the column &quot;%1&quot;</source>
        <translation>读取列“%1”</translation>
    </message>
    <message>
        <source>This layer reads the column &quot;%1&quot;, which the data do not have. They have: %2.</source>
        <translation>该层读取列“%1”，但数据中没有这一列。数据的列有：%2。</translation>
    </message>
    <message>
        <source>The column &quot;%1&quot; has %2 different tokens, more than the vocabulary of this layer holds: the others have no row.</source>
        <translation>列“%1”有 %2 种词元，超过了该层的词汇量：其余词元没有对应的行。</translation>
    </message>
    <message>
        <source>Set the vocabulary of %1 to %2</source>
        <translation>将 %1 的词汇量设为 %2</translation>
    </message>
    <message>
        <source>The label of %1 is %2, but this loss compares with numbers from 0 to 1. Bring the column into that range, or take a loss for any numbers.</source>
        <translation>%1 的标签是 %2，但此损失与 0 到 1 之间的数比较。请把该列换算到此范围，或改用适合任意数的损失。</translation>
    </message>
    <message>
        <source>Compare by %1</source>
        <translation>改用 %1 比较</translation>
    </message>
    <message>
        <source>%1 cannot be bypassed: it is a loss, and nothing follows it.</source>
        <translation>%1 不能旁路：它是损失，后面没有任何层。</translation>
    </message>
    <message>
        <source>%1 cannot be bypassed: it has no input that could be passed on.</source>
        <translation>%1 不能旁路：它没有可以传下去的输入。</translation>
    </message>
    <message>
        <source>%1 cannot be bypassed: it has no output, so nothing follows it.</source>
        <translation>%1 不能旁路：它没有输出，后面没有任何层。</translation>
    </message>
    <message>
        <source>%1 cannot be bypassed: it has %2 outputs, and its input cannot stand for all of them.</source>
        <translation>%1 不能旁路：它有 %2 个输出，它的输入不能代替所有这些输出。</translation>
    </message>
    <message>
        <source>Use %1 again</source>
        <translation>重新启用 %1</translation>
    </message>
    <message>
        <source>%1 is bypassed. Use it again before taking the block apart.</source>
        <translation>%1 已旁路。请先重新启用它，再拆开这个块。</translation>
    </message>
    <message>
        <source>%1 cannot be bypassed: what enters it does not fit what follows it.</source>
        <translation>%1 不能旁路：它的输入与后面的层不符。</translation>
    </message>
</context>
<context>
    <name>Normalize</name>
    <message>
        <source>&quot;mean&quot; has %1 numbers and &quot;std&quot; %2; give one for all, or one for each channel of %3.</source>
        <translation>“mean”有 %1 个数，“std”有 %2 个；请给一个共用的数，或给 %3 的每个通道一个。</translation>
    </message>
    <message>
        <source>Subtracts a fixed mean and divides by a fixed deviation.</source>
        <translation>减去固定的平均值，除以固定的标准差。</translation>
    </message>
    <message>
        <source>Put it right after the Input so that values lie around 0, which makes training faster. It is part of the network, so an exported model still takes raw data. Give one number for everything, or one for each channel.</source>
        <translation>放在输入层之后，使数值分布在 0 附近，训练更快。它是网络的一部分，因此导出的模型仍然接收原始数据。可以给一个共用的数，或每个通道一个。</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>平均值</translation>
    </message>
    <message>
        <source>What is subtracted: one number, or one for each channel.</source>
        <translation>要减去的值：一个数，或每个通道一个。</translation>
    </message>
    <message>
        <source>Deviation</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>What the difference is divided by: one number, or one for each channel.</source>
        <translation>差值的除数：一个数，或每个通道一个。</translation>
    </message>
</context>
<context>
    <name>Ops</name>
    <message>
        <source>Accuracy of the prediction %1 needs class numbers int32 [%2] as target, but they are %3.</source>
        <translation>计算预测 %1 的准确率需要 int32 [%2] 的类别编号作为目标，但实际是 %3。</translation>
    </message>
    <message>
        <source>A variable of %1 cannot be overwritten by %2. Their types must be equal.</source>
        <translation>%1 的变量不能被 %2 覆盖。两者的类型必须相同。</translation>
    </message>
    <message>
        <source>BatchNorm over %1 needs one number for each of the %2 channels, but was given %3.</source>
        <translation>对 %1 做批归一化时，%2 个通道各需要一个数，但给出的是 %3。</translation>
    </message>
    <message>
        <source>BatchNorm cannot pass a gradient through the statistics of a batch. Use its result y in the loss.</source>
        <translation>批归一化无法让梯度经过批统计量反向传播。请在损失中使用它的结果 y。</translation>
    </message>
    <message>
        <source>The shape %1 cannot be stretched to %2. Axes must be equal or 1, counted from the last.</source>
        <translation>形状 %1 无法扩展为 %2。从最后一个轴数起，各轴必须相等或为 1。</translation>
    </message>
    <message>
        <source>The shape %1 cannot be summed to %2. Axes must be equal or 1, counted from the last.</source>
        <translation>形状 %1 无法求和归并为 %2。从最后一个轴数起，各轴必须相等或为 1。</translation>
    </message>
    <message>
        <source>Stretching %1 to %2 cannot be written as ONNX: the new extent depends on the batch or the sequence.</source>
        <translation>从 %1 扩展为 %2 无法写成 ONNX：新的长度取决于批或序列。</translation>
    </message>
    <message>
        <source>The shapes %1 and %2 cannot be joined along axis %3. All other axes must be equal.</source>
        <translation>形状 %1 和 %2 无法沿轴 %3 拼接。其他各轴必须相等。</translation>
    </message>
    <message>
        <source>The shape %1 cannot be joined along axis %2, which depends on the batch or the sequence. Choose another axis.</source>
        <translation>形状 %1 无法沿轴 %2 拼接，该轴取决于批或序列。请选择其他轴。</translation>
    </message>
    <message>
        <source>Concat has nothing to join. Give it at least one input.</source>
        <translation>拼接层没有可拼接的内容。请至少给它一个输入。</translation>
    </message>
    <message>
        <source>A constant of the shape %1 was given %2 numbers. Give one, or one for each element.</source>
        <translation>形状为 %1 的常量得到了 %2 个数。请给一个数，或每个元素一个数。</translation>
    </message>
    <message>
        <source>A constant of the shape %1 cannot be written as ONNX: its size depends on the batch or the sequence.</source>
        <translation>形状为 %1 的常量无法写成 ONNX：其大小取决于批或序列。</translation>
    </message>
    <message>
        <source>Conv needs a kernel [filters, channels, …] with as many axes as the input %1, but it is %2.</source>
        <translation>Conv 需要轴数与输入 %1 相同的权重 [卷积核, 通道, …]，但实际是 %2。</translation>
    </message>
    <message>
        <source>Conv cannot split the %1 channels of %2 and the %3 filters into %4 groups. Choose a divisor of both.</source>
        <translation>Conv 无法把 %2 的 %1 个通道和 %3 个卷积核分成 %4 组。请选择两者的公约数。</translation>
    </message>
    <message>
        <source>Conv: the kernel %1 expects %2 channels in each of %3 groups, but the input %4 has %5 channels.</source>
        <translation>Conv：权重 %1 要求 %3 个分组各有 %2 个通道，但输入 %4 有 %5 个通道。</translation>
    </message>
    <message>
        <source>Conv needs a bias with one number for each of the %1 filters, but it is %2.</source>
        <translation>Conv 的偏置应为 %1 个卷积核各一个数，但实际是 %2。</translation>
    </message>
    <message>
        <source>Conv over the input %1 needs %2 numbers in %3, but has %4.</source>
        <translation>对输入 %1 做 Conv 时，%3 需要 %2 个数，但有 %4 个。</translation>
    </message>
    <message>
        <source>Cross-entropy over the prediction %1 needs class numbers int32 [%2] as target, but they are %3.</source>
        <translation>对预测 %1 求交叉熵需要 int32 [%2] 的类别编号作为目标，但实际是 %3。</translation>
    </message>
    <message>
        <source>Dropout has the rate %1. Choose one from 0 to 1.</source>
        <translation>随机失活层的丢弃率是 %1。请选择 0 到 1 之间的数。</translation>
    </message>
    <message>
        <source>Dropout needs the batch as the first axis, because each sample has its own mask, but the shape is %1.</source>
        <translation>随机失活层需要第一个轴是批，因为每个样本有自己的掩码，但形状是 %1。</translation>
    </message>
    <message>
        <source>The matrices %1 and %2 cannot be multiplied: %3 columns meet %4 rows. Make the two equal.</source>
        <translation>矩阵 %1 和 %2 无法相乘：前者有 %3 列，后者有 %4 行。请使两者相等。</translation>
    </message>
    <message>
        <source>The matrices %1 and %2 cannot be multiplied: the axes before the last two differ. Make them equal.</source>
        <translation>矩阵 %1 和 %2 无法相乘：最后两个轴之前的轴不同。请使它们相等。</translation>
    </message>
    <message>
        <source>An optimizer needs the learning rate as one number, but it is %1.</source>
        <translation>优化器需要单个数作为学习率，但实际是 %1。</translation>
    </message>
    <message>
        <source>An optimizer cannot update a parameter %1 with a gradient or slot %2. Their types must be equal.</source>
        <translation>优化器无法用 %2 的梯度或状态更新 %1 的参数。两者的类型必须相同。</translation>
    </message>
    <message>
        <source>Pooling over the input %1 needs %2 numbers in %3, but has %4.</source>
        <translation>对输入 %1 做池化时，%3 需要 %2 个数，但有 %4 个。</translation>
    </message>
    <message>
        <source>Pooling with a window of %1 allows padding of at most %2, but it is %3 and %4.</source>
        <translation>窗口为 %1 的池化最多允许填充 %2，但实际是 %3 和 %4。</translation>
    </message>
    <message>
        <source>The shape %1 has %2 elements, but the new shape %3 has %4. Choose a shape of equal size.</source>
        <translation>形状 %1 有 %2 个元素，而新形状 %3 有 %4 个。请选择大小相等的形状。</translation>
    </message>
    <message>
        <source>The part from %1 to before %2 does not lie within axis %3 of the shape %4. Choose 0 ≤ begin &lt; end ≤ %5.</source>
        <translation>从 %1 到 %2（不含）的部分不在形状 %4 的轴 %3 之内。请选择 0 ≤ 起点 &lt; 终点 ≤ %5。</translation>
    </message>
    <message>
        <source>%1 computes with floating-point numbers, but its input is %2. Cast it to float32 first.</source>
        <translation>%1 以浮点数计算，但其输入是 %2。请先转换为 float32。</translation>
    </message>
    <message>
        <source>%1 needs inputs of one type, but they are %2 and %3. Cast one of them.</source>
        <translation>%1 需要类型相同的输入，但实际是 %2 和 %3。请转换其中一个。</translation>
    </message>
    <message>
        <source>%1 needs an input with %2 axes, but it has the shape %3. Reshape it first.</source>
        <translation>%1 需要有 %2 个轴的输入，但其形状是 %3。请先改变形状。</translation>
    </message>
    <message>
        <source>%1 needs an input with %2 to %3 axes, but it has the shape %4. Reshape it first.</source>
        <translation>%1 需要有 %2 至 %3 个轴的输入，但其形状是 %4。请先改变形状。</translation>
    </message>
    <message>
        <source>%1 was given the axis %2, but the shape %3 has only %4 axes. Choose one of them.</source>
        <translation>%1 指定了轴 %2，但形状 %3 只有 %4 个轴。请从中选择。</translation>
    </message>
    <message>
        <source>%1 cannot combine the shapes %2 and %3: %4 does not fit %5. Make these axes equal, or one of them 1.</source>
        <translation>%1 无法结合形状 %2 和 %3：%4 与 %5 不匹配。请使这两个轴相等，或其中一个为 1。</translation>
    </message>
    <message>
        <source>The reshape from %1 to %2 cannot be written as ONNX: more than one axis changes with the batch or the sequence.</source>
        <translation>从 %1 到 %2 的变形无法写成 ONNX：有不止一个轴随批或序列变化。</translation>
    </message>
    <message>
        <source>%1 has a window of %2, stride %3, padding %4 and %5, dilation %6. Window, stride and dilation are at least 1, padding at least 0.</source>
        <translation>%1 的窗口为 %2，步幅 %3，填充 %4 和 %5，膨胀 %6。窗口、步幅和膨胀至少为 1，填充至少为 0。</translation>
    </message>
    <message>
        <source>%1 along the sequence axis of %2 must keep its length. Use stride 1 and padding of %3 in all.</source>
        <translation>%1 沿 %2 的序列轴必须保持长度不变。请使用步幅 1，填充合计 %3。</translation>
    </message>
    <message>
        <source>%1: a window that reaches over %2 elements does not fit into %3 (shape %4, padding %5 and %6). Use a smaller window or more padding.</source>
        <translation>%1：覆盖 %2 个元素的窗口放不进 %3（形状 %4，填充 %5 和 %6）。请使用更小的窗口或更多填充。</translation>
    </message>
    <message>
        <source>The order of axes %1 does not fit the shape %2. Name each of its %3 axes once, counted from 0.</source>
        <translation>轴的顺序 %1 与形状 %2 不匹配。请把它的 %3 个轴各写一次，从 0 数起。</translation>
    </message>
    <message>
        <source>A transposed convolution with %1 groups cannot use the kernel %2 on the input %3.</source>
        <translation>有 %1 个分组的转置卷积不能把卷积核 %2 用于输入 %3。</translation>
    </message>
    <message>
        <source>A transposed convolution of %1 with the kernel %2 leaves %3 positions with an output padding of %4; the output padding must be below the stride, %5.</source>
        <translation>对 %1 使用卷积核 %2 的转置卷积在输出填充为 %4 时剩下 %3 个位置；输出填充必须小于步幅 %5。</translation>
    </message>
    <message>
        <source>GaussianNoise has the deviation %1. Choose one that is not negative.</source>
        <translation>高斯噪声的标准差是 %1。请选择不为负的值。</translation>
    </message>
    <message>
        <source>GaussianNoise needs the batch as the first axis, because each sample has its own noise, but the shape is %1.</source>
        <translation>高斯噪声需要批次作为第一个轴，因为每个样本有自己的噪声，但形状是 %1。</translation>
    </message>
    <message>
        <source>Padding with %1 and %2 zeros needs a fixed axis and counts that are not negative, but axis %3 of %4 is given.</source>
        <translation>用 %1 个和 %2 个零填充需要固定的轴和不为负的个数，但给出的是 %4 的轴 %3。</translation>
    </message>
    <message>
        <source>A variable %1 cannot take up values %2. Their types must be equal.</source>
        <translation>变量 %1 不能接收值 %2。它们的类型必须相同。</translation>
    </message>
    <message>
        <source>A norm needs values of one floating type, but gets %1 and %2.</source>
        <translation>范数需要同一种浮点类型的值，但收到的是 %1 和 %2。</translation>
    </message>
    <message>
        <source>An embedding looks up rows by int32 numbers, but was given %1. Cast them.</source>
        <translation>嵌入按 int32 编号查找行，但收到的是 %1。请转换类型。</translation>
    </message>
    <message>
        <source>A recurrent op over %1 with %2 units needs weights %3, but was given %4.</source>
        <translation>在 %1 上有 %2 个单元的循环运算需要权重 %3，但收到的是 %4。</translation>
    </message>
    <message>
        <source>A recurrent op that was built for inference cannot be trained.</source>
        <translation>为推理而建立的循环运算无法训练。</translation>
    </message>
    <message>
        <source>Less compares int32 numbers, but was given %1. Cast them.</source>
        <translation>Less 比较 int32 数，但收到的是 %1。请转换类型。</translation>
    </message>
    <message>
        <source>%1 needs the lengths of the sequences as int32 [%2], but they are %3.</source>
        <translation>%1 需要 int32 [%2] 的序列长度，但实际是 %3。</translation>
    </message>
    <message>
        <source>LayerNorm over %1 needs one number for each of the %2 features, but was given %3.</source>
        <translation>对 %1 做层归一化时，%2 个特征各需要一个数，但给出的是 %3。</translation>
    </message>
    <message>
        <source>A loss scale needs two numbers beside it and a norm of its type, but gets %1, %2 and %3.</source>
        <translation>损失缩放需要另外两个数和同类型的范数，但得到的是 %1、%2 和 %3。</translation>
    </message>
</context>
<context>
    <name>PReLU</name>
    <message>
        <source>A leaky ReLU that learns how much of negative values to pass.</source>
        <translation>能学习负值通过多少的 Leaky ReLU。</translation>
    </message>
    <message>
        <source>y = x where x &gt; 0, else slope · x, with one learned slope for each channel. Adds few parameters.</source>
        <translation>x &gt; 0 时 y = x，否则 y = slope · x，每个通道学习一个斜率。只增加很少的参数。</translation>
    </message>
    <message>
        <source>First slope</source>
        <translation>初始斜率</translation>
    </message>
    <message>
        <source>The slope of every channel before training.</source>
        <translation>训练前每个通道的斜率。</translation>
    </message>
</context>
<context>
    <name>Permute</name>
    <message>
        <source>&quot;order&quot; must name each of the axes 1 to %1 of %2 once.</source>
        <translation>“order”必须把 %2 的轴 1 至 %1 各写一次。</translation>
    </message>
    <message>
        <source>Changes the order of the axes.</source>
        <translation>改变轴的顺序。</translation>
    </message>
    <message>
        <source>Moves numbers so that the axes come in another order, for example channels last: order [2, 3, 1] turns [N, C, H, W] into [N, H, W, C]. The batch stays first. It has nothing to learn.</source>
        <translation>移动数据，使各轴按另一顺序排列，例如通道在后：顺序 [2, 3, 1] 把 [N, C, H, W] 变为 [N, H, W, C]。批始终在第一位。它没有可学习的参数。</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>For each new axis the old one, counted from 1; 0 is the batch and not named.</source>
        <translation>每个新轴对应的旧轴，从 1 数起；0 是批，不写出。</translation>
    </message>
</context>
<context>
    <name>Plugin</name>
    <message>
        <source>The plugin %1 is not installed.</source>
        <translation>插件 %1 没有安装。</translation>
    </message>
    <message>
        <source>The file %1 is not a plugin of Weft: it exports no weftPlugin.</source>
        <translation>文件 %1 不是 Weft 的插件：它没有导出 weftPlugin。</translation>
    </message>
    <message>
        <source>No graphics card can be used: no NVIDIA driver is running here. Install the driver of the card, or compute on the processor.</source>
        <translation>无法使用显卡：这里没有运行 NVIDIA 驱动程序。请安装显卡的驱动程序，或在处理器上计算。</translation>
    </message>
    <message>
        <source>No graphics card can be used: the NVIDIA driver here knows CUDA %2, and Weft needs %3. Install a newer driver, or compute on the processor.</source>
        <translation>无法使用显卡：这里的 NVIDIA 驱动程序支持 CUDA %2，而 Weft 需要 %3。请安装更新的驱动程序，或在处理器上计算。</translation>
    </message>
    <message>
        <source>No graphics card can be used: there is an NVIDIA driver, but no card that it shows. See nvidia-smi, and whether CUDA_VISIBLE_DEVICES hides it.</source>
        <translation>无法使用显卡：有 NVIDIA 驱动程序，但它没有显示任何显卡。请查看 nvidia-smi，以及 CUDA_VISIBLE_DEVICES 是否隐藏了它。</translation>
    </message>
    <message>
        <source>No graphics card can be used: CUDA says &quot;%2&quot;. See whether nvidia-smi works, or compute on the processor.</source>
        <translation>无法使用显卡：CUDA 报告“%2”。请查看 nvidia-smi 是否可用，或在处理器上计算。</translation>
    </message>
    <message>
        <source>The plugin %1 cannot be opened: %2. Where a library is missing, install it, or name its folder in LD_LIBRARY_PATH.</source>
        <translation>无法打开插件 %1：%2。如果缺少库，请安装它，或在 LD_LIBRARY_PATH 中写明其所在的文件夹。</translation>
    </message>
</context>
<context>
    <name>Port</name>
    <message>
        <source>prediction</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>query</source>
        <translation>查询</translation>
    </message>
    <message>
        <source>key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>记忆</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>anchor</source>
        <translation>锚点</translation>
    </message>
    <message>
        <source>logVariance</source>
        <translation>对数方差</translation>
    </message>
    <message>
        <source>positive</source>
        <translation>正例</translation>
    </message>
    <message>
        <source>negative</source>
        <translation>负例</translation>
    </message>
</context>
<context>
    <name>PositionalEncoding</name>
    <message>
        <source>Sequences of up to %1 steps are longer than the table of %2 positions. Set &quot;maxLength&quot; to at least %1, or shorten the sequences.</source>
        <translation>最长 %1 步的序列超出了只有 %2 个位置的表。请把“maxLength”设为至少 %1，或缩短序列。</translation>
    </message>
    <message>
        <source>Use %1 positions</source>
        <translation>使用 %1 个位置</translation>
    </message>
    <message>
        <source>Adds to each step a vector that tells its position.</source>
        <translation>给每个时间步加上表示其位置的向量。</translation>
    </message>
    <message>
        <source>Attention sees a sequence as a set; this layer, put behind the Embedding, tells first from last. Sinusoidal adds fixed waves and has nothing to learn; learned adds one learned vector for each position.</source>
        <translation>注意力把序列看作集合；把此层放在词嵌入层之后，才能分清先后。正弦加上固定的波形，没有需要学习的内容；可学习为每个位置加上一个可学习的向量。</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Fixed waves, or vectors that are learned.</source>
        <translation>固定的波形，或可学习的向量。</translation>
    </message>
    <message>
        <source>Longest length</source>
        <translation>最大长度</translation>
    </message>
    <message>
        <source>Positions that the table has: no sequence may be longer.</source>
        <translation>表中位置的个数：序列不得更长。</translation>
    </message>
</context>
<context>
    <name>Project</name>
    <message>
        <source>The edit of %1 does not fit the project as it is now.</source>
        <translation>对 %1 的编辑与项目的当前状态不符。</translation>
    </message>
    <message>
        <source>There is no setting %1. Parameters of layers are set as nodes.ID.params.KEY, such as nodes.dense1.params.units=64.</source>
        <translation>没有设置项 %1。层的参数以 nodes.ID.params.KEY 设置，例如 nodes.dense1.params.units=64。</translation>
    </message>
    <message>
        <source>There is no setting %1.</source>
        <translation>没有设置项 %1。</translation>
    </message>
    <message>
        <source>There is no setting %1. Did you mean %2?</source>
        <translation>没有设置项 %1。是指 %2 吗？</translation>
    </message>
    <message>
        <source>The setting %1 must be %2, not &quot;%3&quot;.</source>
        <translation>设置项 %1 必须是 %2，而不是“%3”。</translation>
    </message>
    <message>
        <source>%1, line %2: the key &quot;%3&quot; is unknown here.</source>
        <translation>%1 第 %2 行：此处不认识键“%3”。</translation>
    </message>
    <message>
        <source>%1, line %2: the key &quot;%3&quot; is unknown here. Did you mean &quot;%4&quot;?</source>
        <translation>%1 第 %2 行：此处不认识键“%3”。是指“%4”吗？</translation>
    </message>
    <message>
        <source>%1 is not a Weft project: it is not a map with the key &quot;weft&quot;.</source>
        <translation>%1 不是 Weft 项目：它不是含有键“weft”的映射。</translation>
    </message>
    <message>
        <source>%1, line %2: the value of &quot;weft&quot; must be the number of the project format, such as %3.</source>
        <translation>%1 第 %2 行：“weft”的值必须是项目格式的编号，例如 %3。</translation>
    </message>
    <message>
        <source>%1 was written by a newer version of Weft (project format %2; this one reads up to %3). Update Weft to use it.</source>
        <translation>%1 由更新版本的 Weft 写成（项目格式 %2；此版本最高可读 %3）。请更新 Weft 后使用。</translation>
    </message>
    <message>
        <source>%1, line %2: the key &quot;%3&quot; is missing.</source>
        <translation>%1 第 %2 行：缺少键“%3”。</translation>
    </message>
    <message>
        <source>%1, line %2: &quot;%3&quot; must be a text in quotes.</source>
        <translation>%1 第 %2 行：“%3”必须是引号中的文本。</translation>
    </message>
    <message>
        <source>%1, line %2: a node must be a map in braces.</source>
        <translation>%1 第 %2 行：节点必须是花括号中的映射。</translation>
    </message>
    <message>
        <source>%1, line %2: the id &quot;%3&quot; may hold only letters, digits, - and _.</source>
        <translation>%1 第 %2 行：id“%3”只能包含字母、数字、- 和 _。</translation>
    </message>
    <message>
        <source>%1, line %2: &quot;%3&quot; must be a map in braces.</source>
        <translation>%1 第 %2 行：“%3”必须是花括号中的映射。</translation>
    </message>
    <message>
        <source>%1, line %2: a wire must be two ports, such as [&quot;conv1.y&quot;, &quot;pool1.x&quot;].</source>
        <translation>%1 第 %2 行：连线必须是两个端口，例如 [&quot;conv1.y&quot;, &quot;pool1.x&quot;]。</translation>
    </message>
    <message>
        <source>%1, line %2: &quot;%3&quot; must be %4.</source>
        <translation>%1 第 %2 行：“%3”必须是 %4。</translation>
    </message>
    <message>
        <source>%1, line %2: the position of &quot;%3&quot; must be two numbers, such as [120, 80].</source>
        <translation>%1 第 %2 行：“%3”的位置必须是两个数，例如 [120, 80]。</translation>
    </message>
    <message>
        <source>%1, line %2: &quot;%3&quot; must be a list in brackets.</source>
        <translation>%1 第 %2 行：“%3”必须是方括号中的列表。</translation>
    </message>
    <message>
        <source>%1, line %2: a node with the id &quot;%3&quot; is there already; each needs its own.</source>
        <translation>%1 第 %2 行：已有 id 为“%3”的节点；每个节点都要有自己的 id。</translation>
    </message>
    <message>
        <source>There is no file %1.</source>
        <translation>没有文件 %1。</translation>
    </message>
    <message>
        <source>%1 cannot be opened: %2.</source>
        <translation>无法打开 %1：%2。</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>无法读取 %1：%2。</translation>
    </message>
    <message>
        <source>%1 is larger than 64 MB and so is no Weft project.</source>
        <translation>%1 大于 64 MB，因此不是 Weft 项目。</translation>
    </message>
    <message>
        <source>%1 is not written: the project comes from a newer version of Weft, and this one would lose parts of it.</source>
        <translation>未写入 %1：该项目来自更新版本的 Weft，用此版本保存会丢失部分内容。</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2. What was there before is unchanged.</source>
        <translation>无法写入 %1：%2。原有内容没有改变。</translation>
    </message>
    <message>
        <source>%1, line %2: the key &quot;%3&quot; is unknown here. There are: %4.</source>
        <translation>%1 第 %2 行：此处不认识键“%3”。可用的有：%4。</translation>
    </message>
    <message>
        <source>The setting %1 must be a number of at least 0, not &quot;%2&quot;; 0 freezes the layer.</source>
        <translation>设置 %1 必须是至少为 0 的数，而不是“%2”；0 表示冻结该层。</translation>
    </message>
    <message>
        <source>%1, line %2: &quot;%3&quot; must be a number of at least 0; 0 freezes the layer.</source>
        <translation>%1，第 %2 行：“%3”必须是至少为 0 的数；0 表示冻结该层。</translation>
    </message>
    <message>
        <source>There is no layer &quot;%1&quot;. weft layers lists them.</source>
        <translation>没有名为“%1”的层。可用 weft layers 列出所有层。</translation>
    </message>
    <message>
        <source>The model has no weights yet. Train it first.</source>
        <translation>模型还没有权重。请先训练。</translation>
    </message>
    <message>
        <source>%1, line %2: the parameter &quot;%3&quot; of a block may hold only letters, digits and _, and must not begin with a digit, so that expressions can name it.</source>
        <translation>%1 第 %2 行：模块的参数“%3”只能包含字母、数字和 _，且不能以数字开头，以便表达式引用。</translation>
    </message>
    <message>
        <source>%1, line %2: the default of &quot;%3&quot; is %4, but must lie between %5 and %6.</source>
        <translation>%1 第 %2 行：“%3”的默认值为 %4，但必须在 %5 和 %6 之间。</translation>
    </message>
    <message>
        <source>%1, line %2: a block must be a map in braces.</source>
        <translation>%1 第 %2 行：模块必须是花括号中的映射。</translation>
    </message>
    <message>
        <source>%1, line %2: a block with the id &quot;%3&quot; is there already; each needs its own.</source>
        <translation>%1 第 %2 行：已有 id 为“%3”的模块；每个模块都要有自己的 id。</translation>
    </message>
    <message>
        <source>%1 ends the network, so that %2 cannot stand behind it. Add it as the last layer.</source>
        <translation>%1 是网络的终点，因此 %2 不能接在它后面。请把它作为最后一层添加。</translation>
    </message>
    <message>
        <source>%1 is the folder of a run, not a project. What it trains is %1/project.weft.</source>
        <translation>%1 是一次运行的文件夹，不是项目。它训练的是 %1/project.weft。</translation>
    </message>
    <message>
        <source>%1 is a folder, not a project. Name a file such as lenet.weft.</source>
        <translation>%1 是文件夹，不是项目。请指定文件，例如 lenet.weft。</translation>
    </message>
    <message>
        <source>%1 is no Weft project: a project is a text that begins with &quot;{&quot;.</source>
        <translation>%1 不是 Weft 项目：项目是以“{”开头的文本。</translation>
    </message>
    <message>
        <source>The setting %1 must be true or false, not &quot;%2&quot;.</source>
        <translation>设置 %1 必须是 true 或 false，而不是“%2”。</translation>
    </message>
    <message>
        <source>%1, line %2: &quot;%3&quot; must be true or false.</source>
        <translation>%1 第 %2 行：“%3”必须是 true 或 false。</translation>
    </message>
</context>
<context>
    <name>QAbstractFileIconProvider</name>
    <message>
        <source>Folder</source>
        <comment>All other platforms</comment>
        <translation>文件夹</translation>
    </message>
</context>
<context>
    <name>QAbstractSpinBox</name>
    <message>
        <source>&amp;Step up</source>
        <translation>增加(&amp;S)</translation>
    </message>
    <message>
        <source>Step &amp;down</source>
        <translation>减少(&amp;d)</translation>
    </message>
</context>
<context>
    <name>RMSNorm</name>
    <message>
        <source>RMSNorm needs features on the last axis [N, ..., features], but gets %1.</source>
        <translation>均方根归一化需要最后一个轴是特征 [N, ..., features]，但收到的是 %1。</translation>
    </message>
    <message>
        <source>Scales the features of each sample to a root mean square of 1.</source>
        <translation>把每个样本的特征缩放到均方根为 1。</translation>
    </message>
    <message>
        <source>A cheaper LayerNorm that does not subtract the mean, used in recent language models: y = x / √(mean(x²) + epsilon) · scale.</source>
        <translation>开销更小的层归一化，不减去平均值，用于近年的语言模型：y = x / √(mean(x²) + epsilon) · scale。</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Multiplies each feature by a learned number afterwards.</source>
        <translation>归一化之后把每个特征乘以一个学到的数。</translation>
    </message>
</context>
<context>
    <name>ReLU</name>
    <message>
        <source>Passes positive values and turns negative ones to 0.</source>
        <translation>保留正值，把负值变成 0。</translation>
    </message>
    <message>
        <source>The usual activation: fast, and gradients do not fade in deep networks. y = max(0, x).</source>
        <translation>最常用的激活：计算快，梯度在深层网络中不会消失。y = max(0, x)。</translation>
    </message>
</context>
<context>
    <name>Recurrent</name>
    <message>
        <source>Units</source>
        <translation>单元数</translation>
    </message>
    <message>
        <source>Numbers in the state that is carried from step to step; features of the output for each direction.</source>
        <translation>逐步传递的状态中数的个数；也是每个方向输出的特征数。</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层数</translation>
    </message>
    <message>
        <source>How many are stacked: each reads the states of the one below.</source>
        <translation>堆叠的层数：每一层读取下一层的状态。</translation>
    </message>
    <message>
        <source>Both directions</source>
        <translation>双向</translation>
    </message>
    <message>
        <source>Reads the sequence backwards as well; the output holds both states side by side.</source>
        <translation>同时反向读取序列；输出并排包含两个方向的状态。</translation>
    </message>
    <message>
        <source>Return the sequence</source>
        <translation>返回序列</translation>
    </message>
    <message>
        <source>Gives the state after every step, [N, T, units], instead of only the last, [N, units].</source>
        <translation>给出每个时间步之后的状态 [N, T, units]，而不只是最后的 [N, units]。</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>随机失活</translation>
    </message>
    <message>
        <source>Probability that a value between two stacked layers is dropped while training.</source>
        <translation>训练时丢弃堆叠层之间一个值的概率。</translation>
    </message>
</context>
<context>
    <name>Render</name>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation>无法写入 %1：%2。</translation>
    </message>
    <message>
        <source>The run %1 has no points to draw yet.</source>
        <translation>运行 %1 还没有可绘制的数据点。</translation>
    </message>
    <message>
        <source>There is no run folder %1.</source>
        <translation>没有运行文件夹 %1。</translation>
    </message>
    <message>
        <source>The folder %1 cannot be made.</source>
        <translation>无法创建文件夹 %1。</translation>
    </message>
    <message>
        <source>Samples it has never seen: %1 of %2 right (accuracy %3)</source>
        <translation>从未见过的样本：%2 个中有 %1 个正确（准确率 %3）</translation>
    </message>
    <message>
        <source>Its surest mistakes</source>
        <translation>最有把握的错误</translation>
    </message>
</context>
<context>
    <name>Repeat</name>
    <message>
        <source>Makes a sequence that holds the same value at each step.</source>
        <translation>生成每一步都是同一个值的序列。</translation>
    </message>
    <message>
        <source>[N, features] becomes [N, times, features]. It carries one vector, such as the code of an encoder, to every step of a decoder. It has nothing to learn.</source>
        <translation>[N, 特征] 变成 [N, 次数, 特征]。它把一个向量（例如编码器的编码）带到解码器的每一步。它没有可学习的参数。</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>次数</translation>
    </message>
    <message>
        <source>How often the value is repeated: the length of the sequence.</source>
        <translation>值重复的次数：序列的长度。</translation>
    </message>
</context>
<context>
    <name>Reshape</name>
    <message>
        <source>Reshape cannot turn %1 into %2: each sample has %3 numbers, but the new shape holds %4.</source>
        <translation>变形层无法把 %1 变为 %2：每个样本有 %3 个数，而新形状有 %4 个。</translation>
    </message>
    <message>
        <source>Gives the numbers of each sample another shape.</source>
        <translation>给每个样本的数据换一种形状。</translation>
    </message>
    <message>
        <source>The numbers keep their order; only the shape around them changes, for example from [N, 784] to [N, 1, 28, 28]. The batch axis stays first and is not part of the shape. It has nothing to learn.</source>
        <translation>数据的顺序不变，只改变形状，例如从 [N, 784] 变为 [N, 1, 28, 28]。批轴始终在第一位，不属于该形状。它没有可学习的参数。</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Shape of a sample, without the batch.</source>
        <translation>单个样本的形状，不含批轴。</translation>
    </message>
</context>
<context>
    <name>RunController</name>
    <message>
        <source>The folder %1 cannot be made. Check that you may write there and that the disk is not full.</source>
        <translation>无法创建文件夹 %1。请检查写入权限以及磁盘是否已满。</translation>
    </message>
    <message>
        <source>The program %1 could not be started: %2.</source>
        <translation>程序 %1 无法启动：%2。</translation>
    </message>
</context>
<context>
    <name>RunFolder</name>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation>无法写入 %1：%2。</translation>
    </message>
    <message>
        <source>%1 takes no commands: %2. Is it the folder of a run?</source>
        <translation>%1 不接受命令：%2。它是运行文件夹吗？</translation>
    </message>
    <message>
        <source>No run folder could be made in %1: %2.</source>
        <translation>无法在 %1 中创建运行文件夹：%2。</translation>
    </message>
    <message>
        <source>%1 has no checkpoint yet. One is written after each epoch and when the run stops.</source>
        <translation>%1 还没有检查点。每轮结束后以及运行停止时会写入检查点。</translation>
    </message>
    <message>
        <source>The checkpoint &quot;%1&quot; of %2 is missing. Name another with --checkpoint STEP.</source>
        <translation>%2 缺少检查点“%1”。请用 --checkpoint STEP 指定另一个。</translation>
    </message>
    <message>
        <source>%1 has no checkpoint &quot;%2&quot;. There are: best, last, %3.</source>
        <translation>%1 没有检查点“%2”。可用的有：best、last、%3。</translation>
    </message>
    <message>
        <source>%1 could not be opened: %2.</source>
        <translation>无法打开 %1：%2。</translation>
    </message>
    <message>
        <source>%1 is in use by another process (%2). Stop that run or take another folder.</source>
        <translation>%1 正被另一个进程（%2）使用。请停止该运行或换一个文件夹。</translation>
    </message>
    <message>
        <source>%1 is not the folder of a run: it has neither run.json nor events.jsonl.</source>
        <translation>%1 不是运行文件夹：其中没有 run.json 和 events.jsonl。</translation>
    </message>
    <message>
        <source>%1 could not be written: the disk is full. Make room, then go on with the run by --resume.</source>
        <translation>无法写入 %1：磁盘已满。请腾出空间，再用 --resume 继续运行。</translation>
    </message>
    <message>
        <source>%1 is damaged: %2. Restore it from a copy.</source>
        <translation>%1 已损坏：%2。请用副本恢复。</translation>
    </message>
    <message>
        <source>%1 is damaged: it holds no JSON object. Restore it from a copy.</source>
        <translation>%1 已损坏：其中没有 JSON 对象。请从副本恢复。</translation>
    </message>
</context>
<context>
    <name>RunIndex</name>
    <message>
        <source>The run index %1 cannot be used: %2. It may be deleted; it is made again from the run folders.</source>
        <translation>运行索引 %1 无法使用：%2。可以将其删除；它会根据运行文件夹重新生成。</translation>
    </message>
</context>
<context>
    <name>RunState</name>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>detached</source>
        <translation>已分离</translation>
    </message>
</context>
<context>
    <name>SELU</name>
    <message>
        <source>A scaled ELU that keeps values around 0 with deviation 1.</source>
        <translation>经过缩放的 ELU，让值保持在 0 附近，标准差为 1。</translation>
    </message>
    <message>
        <source>For deep stacks of Dense layers without normalisation; start them with lecunNormal. The two constants are those that make the network normalise itself.</source>
        <translation>用于没有归一化的多个全连接层；请用 LeCun 正态初始化它们。其中两个常数正好使网络自行归一化。</translation>
    </message>
</context>
<context>
    <name>SampleTile</name>
    <message>
        <source>is %1</source>
        <translation>实为 %1</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>Sampling</name>
    <message>
        <source>Draws a random value around a mean, as variational autoencoders do.</source>
        <translation>围绕均值随机采样，用于变分自编码器。</translation>
    </message>
    <message>
        <source>Takes the mean and the logarithm of the variance of a normal distribution for each number and, while training, draws from it in a way that gradients can pass. In evaluation and prediction it gives the mean. A GaussianKL on the same two values keeps them near the standard normal distribution.</source>
        <translation>对每个数取正态分布的均值和方差的对数，训练时以梯度可以通过的方式从中采样；评估和预测时给出均值。在同样的两个值上接高斯 KL 散度，可使其保持接近标准正态分布。</translation>
    </message>
</context>
<context>
    <name>ScaledDotProductAttention</name>
    <message>
        <source>Lets each step look at the steps that match it.</source>
        <translation>让每个时间步关注与它匹配的时间步。</translation>
    </message>
    <message>
        <source>y = softmax(query · keyᵀ / √features) · value. Each query asks, keys answer how well they match, and the values of those that match are mixed. It has nothing to learn; MultiHeadAttention has weights. Padding is left out.</source>
        <translation>y = softmax(query · keyᵀ / √features) · value。查询发问，键回答匹配的程度，再把匹配者的值混合起来。它没有需要学习的内容；多头注意力层带有权重。填充不计入。</translation>
    </message>
</context>
<context>
    <name>SeparableConv2D</name>
    <message>
        <source>A light convolution: first each channel by itself, then all channels at each pixel.</source>
        <translation>轻量的卷积：先让每个通道各自处理，再在每个像素处混合所有通道。</translation>
    </message>
    <message>
        <source>Does nearly what Conv2D does with a fraction of the weights and of the work, as in Xception: a filter for each channel, then a 1 x 1 convolution that mixes the channels. The bias is added after the second.</source>
        <translation>与二维卷积层几乎相同，但只需要一小部分权重和计算，如 Xception：先是每个通道一个卷积核，再是混合通道的 1 x 1 卷积。偏置加在后者之后。</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>卷积核数</translation>
    </message>
    <message>
        <source>The channels of the output.</source>
        <translation>输出的通道数。</translation>
    </message>
    <message>
        <source>Dilation</source>
        <translation>膨胀</translation>
    </message>
    <message>
        <source>Distance between the pixels that the window looks at; 1 looks at neighbours.</source>
        <translation>窗口所看的像素之间的距离；1 表示相邻。</translation>
    </message>
    <message>
        <source>Multiplier</source>
        <translation>倍数</translation>
    </message>
    <message>
        <source>Filters for each channel in the first half.</source>
        <translation>前一半中每个通道的卷积核数。</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>Adds a learned number to each filter&apos;s answer. Not needed before BatchNorm.</source>
        <translation>给每个卷积核的回答加上一个学到的数。在批归一化之前不需要。</translation>
    </message>
</context>
<context>
    <name>Shape</name>
    <message>
        <source>The product of %1 and %2 would hold the batch size or the sequence length twice.</source>
        <translation>%1 与 %2 的乘积会两次包含批大小或序列长度。</translation>
    </message>
</context>
<context>
    <name>ShapeOffer</name>
    <message>
        <source>Input to the column &quot;%1&quot;</source>
        <translation>输入的列为“%1”</translation>
    </message>
    <message>
        <source>Input kind to %1</source>
        <translation>输入的种类为 %1</translation>
    </message>
    <message>
        <source>Input shape to %1</source>
        <translation>输入形状为 %1</translation>
    </message>
    <message>
        <source>the target to the column &quot;%1&quot;</source>
        <translation>目标列为“%1”</translation>
    </message>
    <message>
        <source>output units to %1</source>
        <translation>输出单元数为 %1</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Set %1</source>
        <translation>设置%1</translation>
    </message>
</context>
<context>
    <name>SiLU</name>
    <message>
        <source>Multiplies each value by its own sigmoid.</source>
        <translation>把每个值乘以它自己的 sigmoid。</translation>
    </message>
    <message>
        <source>Also called Swish: y = x / (1 + exp(−x)). Smooth, and often a little better than ReLU in deep convolutional networks.</source>
        <translation>又称 Swish：y = x / (1 + exp(−x))。平滑，在深层卷积网络中常略好于 ReLU。</translation>
    </message>
</context>
<context>
    <name>Sigmoid</name>
    <message>
        <source>Squeezes every value between 0 and 1.</source>
        <translation>把每个值压缩到 0 和 1 之间。</translation>
    </message>
    <message>
        <source>y = 1 / (1 + exp(−x)). Used for gates and for answers that are each yes or no. Inside deep networks ReLU learns faster.</source>
        <translation>y = 1 / (1 + exp(−x))。用于门控和各自为“是或否”的答案。在深层网络内部，ReLU 学得更快。</translation>
    </message>
</context>
<context>
    <name>SimpleRNN</name>
    <message>
        <source>Reads a sequence step by step and keeps a state.</source>
        <translation>逐步读取序列并保持一个状态。</translation>
    </message>
    <message>
        <source>h&apos; = tanh(x·W + b + h·R + c). The simplest recurrent layer; it forgets after some ten steps, so for longer sequences take LSTM or GRU. Steps that only pad a sequence leave the state as it is.</source>
        <translation>h&apos; = tanh(x·W + b + h·R + c)。最简单的循环层；大约十步之后就会遗忘，因此较长的序列请用 LSTM 或 GRU。仅作填充的时间步不改变状态。</translation>
    </message>
</context>
<context>
    <name>Slice</name>
    <message>
        <source>Slice needs an axis of fixed length, but axis %1 of %2 varies.</source>
        <translation>切片层需要长度固定的轴，但 %2 的轴 %1 是变化的。</translation>
    </message>
    <message>
        <source>Slice takes %1 entries from %2 on, which is more than the %3 entries of axis %4 of %5 hold.</source>
        <translation>切片层从 %2 起取 %1 项，超出了 %5 的轴 %4 所含的 %3 项。</translation>
    </message>
    <message>
        <source>Take all that is left</source>
        <translation>取剩下的全部</translation>
    </message>
    <message>
        <source>Takes a part of a value along an axis.</source>
        <translation>沿一个轴取值的一部分。</translation>
    </message>
    <message>
        <source>Keeps some neighbouring entries of one axis, for example half of the channels, or the last step of a sequence (axis 1, begin −1). It has nothing to learn.</source>
        <translation>保留一个轴上相邻的若干项，例如一半的通道，或序列的最后一步（轴 1，起点 −1）。它没有可学习的参数。</translation>
    </message>
    <message>
        <source>Axis</source>
        <translation>轴</translation>
    </message>
    <message>
        <source>The axis to cut: 1 is the channels or features, −1 the last one. 0 is the batch and not allowed.</source>
        <translation>要切的轴：1 是通道或特征，−1 是最后一个轴。0 是批次，不允许。</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>The first entry that is kept, counted from 0; negative numbers count from the end.</source>
        <translation>保留的第一项，从 0 数起；负数从末尾数起。</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>How many entries are kept; 0 keeps all from the first one on.</source>
        <translation>保留多少项；0 保留从第一项起的全部。</translation>
    </message>
</context>
<context>
    <name>Slurm</name>
    <message>
        <source>It waits until nodes are free.</source>
        <translation>正在等待空闲节点。</translation>
    </message>
    <message>
        <source>Jobs of higher priority come first.</source>
        <translation>优先级更高的作业排在前面。</translation>
    </message>
    <message>
        <source>It waits for another job.</source>
        <translation>正在等待另一个作业。</translation>
    </message>
    <message>
        <source>It waits for its begin time: after a stop Slurm queues a job again with some delay.</source>
        <translation>正在等待开始时间：停止后，Slurm 会延迟一段时间再重新排队。</translation>
    </message>
    <message>
        <source>Your jobs use all the cores that you may have at one time.</source>
        <translation>您的作业已用满您可同时使用的核心数。</translation>
    </message>
    <message>
        <source>Your account uses all the cores that it may have at one time.</source>
        <translation>您的账户已用满可同时使用的核心数。</translation>
    </message>
    <message>
        <source>The time limit is longer than the partition allows: lower time.</source>
        <translation>时限超过分区允许的长度：请减小 time。</translation>
    </message>
    <message>
        <source>The partition has fewer nodes than the job asks for: lower nodes.</source>
        <translation>分区的节点少于作业请求的数量：请减小 nodes。</translation>
    </message>
    <message>
        <source>The partition is down.</source>
        <translation>分区已停用。</translation>
    </message>
    <message>
        <source>A node that the job asks for is down or reserved.</source>
        <translation>作业请求的节点已停机或被保留。</translation>
    </message>
    <message>
        <source>The job is held: scontrol release lets it go.</source>
        <translation>作业被挂起：scontrol release 可释放它。</translation>
    </message>
    <message>
        <source>An administrator holds the job.</source>
        <translation>管理员挂起了作业。</translation>
    </message>
    <message>
        <source>No node has what constraint asks for.</source>
        <translation>没有节点满足 constraint 的要求。</translation>
    </message>
    <message>
        <source>The account is not known.</source>
        <translation>账户未知。</translation>
    </message>
    <message>
        <source>It waits (%1) and may begin at %2.</source>
        <translation>正在等待（%1），可能于 %2 开始。</translation>
    </message>
    <message>
        <source>It waits: %1.</source>
        <translation>正在等待：%1。</translation>
    </message>
    <message>
        <source>The time limit ended the job.</source>
        <translation>作业因时限而结束。</translation>
    </message>
    <message>
        <source>The job needed more memory than it may have: raise memory, or lower the batch size.</source>
        <translation>作业所需内存超过上限：请提高 memory 或减小批大小。</translation>
    </message>
    <message>
        <source>A node of the job failed.</source>
        <translation>作业的一个节点发生故障。</translation>
    </message>
    <message>
        <source>The job was cancelled.</source>
        <translation>作业已取消。</translation>
    </message>
    <message>
        <source>Slurm ended the job: %1.</source>
        <translation>Slurm 结束了作业：%1。</translation>
    </message>
    <message>
        <source>%1 has no program %2. Is it a login host of the cluster?</source>
        <translation>%1 上没有程序 %2。它是集群的登录主机吗？</translation>
    </message>
    <message>
        <source>Slurm would take a job: %1</source>
        <translation>Slurm 会接受作业：%1</translation>
    </message>
    <message>
        <source>Slurm refuses such a job: %1</source>
        <translation>Slurm 拒绝这样的作业：%1</translation>
    </message>
    <message>
        <source>It has just been queued.</source>
        <translation>刚刚进入队列。</translation>
    </message>
    <message>
        <source>It is in place %1 of %2 in the queue.</source>
        <translation>在队列中排第 %1 位，共 %2 个。</translation>
    </message>
</context>
<context>
    <name>Softmax</name>
    <message>
        <source>Turns scores into probabilities that add up to 1.</source>
        <translation>把分数变成总和为 1 的概率。</translation>
    </message>
    <message>
        <source>y = exp(x) / Σ exp(x). Not needed before CrossEntropy, which contains it; predictions and exported models give probabilities anyway.</source>
        <translation>y = exp(x) / Σ exp(x)。交叉熵已包含它，前面不需要再放；预测和导出的模型本来就给出概率。</translation>
    </message>
    <message>
        <source>Axis</source>
        <translation>轴</translation>
    </message>
    <message>
        <source>The axis whose values add up to 1; −1 is the last one, 1 the channels. 0 is the batch and not allowed.</source>
        <translation>哪个轴上的值总和为 1；−1 是最后一个轴，1 是通道。0 是批，不允许使用。</translation>
    </message>
    <message>
        <source>Softmax needs an axis of fixed length, but axis %1 of %2 varies.</source>
        <translation>Softmax 需要长度固定的轴，但 %2 的第 %1 轴长度可变。</translation>
    </message>
</context>
<context>
    <name>Softplus</name>
    <message>
        <source>A smooth ReLU: always positive.</source>
        <translation>平滑的 ReLU：输出恒为正。</translation>
    </message>
    <message>
        <source>y = ln(1 + exp(x)). Use it where an answer must be positive, for example a deviation or a rate.</source>
        <translation>y = ln(1 + exp(x))。用于输出必须为正的地方，例如标准差或速率。</translation>
    </message>
</context>
<context>
    <name>SpatialDropout2D</name>
    <message>
        <source>Zeroes whole channels at random while training.</source>
        <translation>训练时随机把整个通道置零。</translation>
    </message>
    <message>
        <source>Neighbouring pixels are much alike, so dropping single ones hides little; this drops whole channels and scales the others up. In evaluation and prediction it does nothing.</source>
        <translation>相邻像素很相似，只丢弃单个像素几乎不遮挡信息；本层丢弃整个通道，并放大其余通道。评估和预测时不起作用。</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>丢弃率</translation>
    </message>
    <message>
        <source>Probability that a channel is dropped.</source>
        <translation>一个通道被丢弃的概率。</translation>
    </message>
</context>
<context>
    <name>Studio</name>
    <message>
        <source>A project of a newer version cannot be saved by this one: what it does not know would be lost.</source>
        <translation>较新版本的项目不能用本版本保存：本版本不认识的内容会丢失。</translation>
    </message>
</context>
<context>
    <name>Subtract</name>
    <message>
        <source>Takes the second value from the first.</source>
        <translation>用第一个值减去第二个值。</translation>
    </message>
    <message>
        <source>y = a − b for two values of the same shape. Useful to compare two branches, as in a siamese network.</source>
        <translation>对两个形状相同的值求 y = a − b。用于比较两个分支，例如孪生网络。</translation>
    </message>
</context>
<context>
    <name>Tanh</name>
    <message>
        <source>Squeezes every value between −1 and 1.</source>
        <translation>把每个值压缩到 −1 和 1 之间。</translation>
    </message>
    <message>
        <source>The hyperbolic tangent. Like Sigmoid but around 0, which suits small and recurrent networks.</source>
        <translation>双曲正切。与 Sigmoid 相似，但以 0 为中心，适合小型网络和循环网络。</translation>
    </message>
</context>
<context>
    <name>Target</name>
    <message>
        <source>The target %1 is this machine: it needs no preparation.</source>
        <translation>目标 %1 就是本机：无需准备。</translation>
    </message>
    <message>
        <source>%1 takes a name of small letters, digits, - and ., not &quot;%2&quot;.</source>
        <translation>%1 须为由小写字母、数字、- 和 . 组成的名称，而不是“%2”。</translation>
    </message>
    <message>
        <source>%1 takes names of small letters, digits, - and ., separated by commas, not &quot;%2&quot;.</source>
        <translation>%1 须为以逗号分隔、由小写字母、数字、- 和 . 组成的名称，而不是“%2”。</translation>
    </message>
    <message>
        <source>%1 takes a quantity such as 4, 500m or 8Gi, not &quot;%2&quot;.</source>
        <translation>%1 须为数量，如 4、500m 或 8Gi，而不是“%2”。</translation>
    </message>
    <message>
        <source>%1 takes a host that ssh knows, such as node1 or me@node1, not &quot;%2&quot;.</source>
        <translation>%1 须为 ssh 认识的主机，如 node1 或 me@node1，而不是“%2”。</translation>
    </message>
    <message>
        <source>%1 takes hosts with their ranks, such as node1:4,node2:4, not &quot;%2&quot;.</source>
        <translation>%1 须为主机及其进程数，如 node1:4,node2:4，而不是“%2”。</translation>
    </message>
    <message>
        <source>%1 takes pairs such as disk=ssd,zone=b, not &quot;%2&quot;.</source>
        <translation>%1 须为键值对，如 disk=ssd,zone=b，而不是“%2”。</translation>
    </message>
    <message>
        <source>%1 takes a path, which does not begin with -, not &quot;%2&quot;.</source>
        <translation>%1 须为不以 - 开头的路径，而不是“%2”。</translation>
    </message>
    <message>
        <source>%1 takes one line of text without control characters.</source>
        <translation>%1 须为一行不含控制字符的文本。</translation>
    </message>
    <message>
        <source>%1 takes a whole number from %2 to %3, not &quot;%4&quot;.</source>
        <translation>%1 须为 %2 到 %3 之间的整数，而不是“%4”。</translation>
    </message>
    <message>
        <source>%1 takes one of %2, not &quot;%3&quot;.</source>
        <translation>%1 须为 %2 之一，而不是“%3”。</translation>
    </message>
    <message>
        <source>A target holds no passwords: give the proxy without user and password, as in http://proxy:3128.</source>
        <translation>目标不保存密码：请给出不含用户名和密码的代理，如 http://proxy:3128。</translation>
    </message>
    <message>
        <source>A target of the kind %1 has no field %2. Did you mean %3?</source>
        <translation>%1 类型的目标没有字段 %2。您是指 %3 吗？</translation>
    </message>
    <message>
        <source>A target of the kind %1 has no field %2. weft target fields %1 lists them.</source>
        <translation>%1 类型的目标没有字段 %2。weft target fields %1 会列出所有字段。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no kind of target. The kinds are local, mpi, slurm and kubernetes.</source>
        <translation>“%1”不是目标类型。类型有 local、mpi、slurm 和 kubernetes。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no name for a target: take up to 64 letters, digits, - and _.</source>
        <translation>“%1”不能作为目标名称：请使用最多 64 个字母、数字、- 和 _。</translation>
    </message>
    <message>
        <source>The target %1 needs %2: give it as %2=VALUE.</source>
        <translation>目标 %1 需要 %2：请以 %2=VALUE 的形式给出。</translation>
    </message>
    <message>
        <source>Processes on this machine that share each batch.</source>
        <translation>本机上共同处理每个批次的进程数。</translation>
    </message>
    <message>
        <source>Folder for jobs there, below the home folder or absolute; every host must see it under this name.</source>
        <translation>那里存放作业的文件夹，位于主目录下或为绝对路径；每台主机都须能以此名称访问它。</translation>
    </message>
    <message>
        <source>Where the project&apos;s data lie there; without it, the path in the project.</source>
        <translation>项目数据在那里的位置；未设置时使用项目中的路径。</translation>
    </message>
    <message>
        <source>The program weft there.</source>
        <translation>那里的 weft 程序。</translation>
    </message>
    <message>
        <source>Configuration file for ssh, instead of your own.</source>
        <translation>代替您自己配置的 ssh 配置文件。</translation>
    </message>
    <message>
        <source>Hosts as HOST:RANKS, separated by commas. The first one leads: it is reached by ssh and reaches the others by ssh.</source>
        <translation>以逗号分隔的主机，格式为 HOST:RANKS。第一台为主导：通过 ssh 连接它，它再通过 ssh 连接其他主机。</translation>
    </message>
    <message>
        <source>Threads of each rank.</source>
        <translation>每个进程的线程数。</translation>
    </message>
    <message>
        <source>Login host, reached by ssh; empty where sbatch is on this machine.</source>
        <translation>通过 ssh 连接的登录主机；本机有 sbatch 时留空。</translation>
    </message>
    <message>
        <source>Partition; empty for the cluster&apos;s own choice.</source>
        <translation>分区；留空则由集群选择。</translation>
    </message>
    <message>
        <source>Account that the time is charged to.</source>
        <translation>计费的账户。</translation>
    </message>
    <message>
        <source>Quality of service.</source>
        <translation>服务质量（QOS）。</translation>
    </message>
    <message>
        <source>Features that nodes must have.</source>
        <translation>节点必须具备的特性。</translation>
    </message>
    <message>
        <source>Nodes.</source>
        <translation>节点数。</translation>
    </message>
    <message>
        <source>Ranks on each node.</source>
        <translation>每个节点上的进程数。</translation>
    </message>
    <message>
        <source>Cores, and so threads, of each rank.</source>
        <translation>每个进程的核心数，也即线程数。</translation>
    </message>
    <message>
        <source>GPUs of each node.</source>
        <translation>每个节点的 GPU 数。</translation>
    </message>
    <message>
        <source>Memory of each node, such as 32G.</source>
        <translation>每个节点的内存，如 32G。</translation>
    </message>
    <message>
        <source>What starts the ranks on the nodes.</source>
        <translation>在节点上启动进程的程序。</translation>
    </message>
    <message>
        <source>Modules to load first, separated by commas.</source>
        <translation>需要先加载的模块，以逗号分隔。</translation>
    </message>
    <message>
        <source>Context of the kubeconfig; empty for its current one.</source>
        <translation>kubeconfig 的上下文；留空则使用当前上下文。</translation>
    </message>
    <message>
        <source>Kubeconfig file; empty for kubectl&apos;s own choice.</source>
        <translation>kubeconfig 文件；留空则由 kubectl 选择。</translation>
    </message>
    <message>
        <source>The program kubectl.</source>
        <translation>kubectl 程序。</translation>
    </message>
    <message>
        <source>Kind of job: auto takes MPIJob where the MPI Operator is installed, otherwise an Indexed Job.</source>
        <translation>作业类型：auto 在安装了 MPI Operator 时使用 MPIJob，否则使用 Indexed Job。</translation>
    </message>
    <message>
        <source>Pods that train.</source>
        <translation>训练用的 Pod 数。</translation>
    </message>
    <message>
        <source>Ranks in each pod.</source>
        <translation>每个 Pod 中的进程数。</translation>
    </message>
    <message>
        <source>Processor cores of each pod.</source>
        <translation>每个 Pod 的处理器核心数。</translation>
    </message>
    <message>
        <source>Memory of each pod.</source>
        <translation>每个 Pod 的内存。</translation>
    </message>
    <message>
        <source>GPUs of each pod.</source>
        <translation>每个 Pod 的 GPU 数。</translation>
    </message>
    <message>
        <source>What the cluster calls its GPUs.</source>
        <translation>集群对其 GPU 的称呼。</translation>
    </message>
    <message>
        <source>Shared memory of each pod, part of its memory: ranks of one pod talk through it.</source>
        <translation>每个 Pod 的共享内存，计入其内存：同一 Pod 的进程通过它通信。</translation>
    </message>
    <message>
        <source>Volume claim with the data.</source>
        <translation>存放数据的卷声明。</translation>
    </message>
    <message>
        <source>Where the project&apos;s data lie below /data, the volume of the data claim.</source>
        <translation>项目数据在 /data（数据声明的卷）下的位置。</translation>
    </message>
    <message>
        <source>Volume claim for runs, which all pods may write. Without it, a job that is started again begins anew.</source>
        <translation>存放运行的卷声明，所有 Pod 均可写入。未设置时，重新启动的作业将从头开始。</translation>
    </message>
    <message>
        <source>When nodes fetch the image.</source>
        <translation>节点何时拉取镜像。</translation>
    </message>
    <message>
        <source>Secrets that open a private registry, by name.</source>
        <translation>用于访问私有仓库的 Secret 名称。</translation>
    </message>
    <message>
        <source>Service account of the pods.</source>
        <translation>Pod 的服务账户。</translation>
    </message>
    <message>
        <source>Labels that nodes must have, such as disk=ssd.</source>
        <translation>节点必须具有的标签，如 disk=ssd。</translation>
    </message>
    <message>
        <source>Taints that pods put up with, as KEY=VALUE:EFFECT or KEY:EFFECT.</source>
        <translation>Pod 容忍的污点，格式为 KEY=VALUE:EFFECT 或 KEY:EFFECT。</translation>
    </message>
    <message>
        <source>Priority class of the pods.</source>
        <translation>Pod 的优先级类。</translation>
    </message>
    <message>
        <source>Local queue of Kueue.</source>
        <translation>Kueue 的本地队列。</translation>
    </message>
    <message>
        <source>User id in the pods; 0 leaves it to the cluster.</source>
        <translation>Pod 中的用户 ID；0 表示由集群决定。</translation>
    </message>
    <message>
        <source>Proxy for HTTP and HTTPS, without a password.</source>
        <translation>HTTP 和 HTTPS 代理，不含密码。</translation>
    </message>
    <message>
        <source>ConfigMap with the file ca.crt of your own certificate authority.</source>
        <translation>含您自己的证书颁发机构文件 ca.crt 的 ConfigMap。</translation>
    </message>
    <message>
        <source>How often a failed job is started again.</source>
        <translation>失败的作业重新启动的次数。</translation>
    </message>
    <message>
        <source>Hours after which the cluster removes a finished job by itself.</source>
        <translation>集群在多少小时后自动移除已结束的作业。</translation>
    </message>
    <message>
        <source>%1 could not be changed: its folder cannot be written, or another program holds it.</source>
        <translation>无法更改 %1：其文件夹不可写，或被另一个程序占用。</translation>
    </message>
    <message>
        <source>%1: a target needs name, kind and fields. Mend the file, or move it away to begin anew.</source>
        <translation>%1：目标需要 name、kind 和 fields。请修复该文件，或将其移走以重新开始。</translation>
    </message>
    <message>
        <source>%1: the field %2 is no text. Mend the file, or move it away to begin anew.</source>
        <translation>%1：字段 %2 不是文本。请修复该文件，或将其移走以重新开始。</translation>
    </message>
    <message>
        <source>%1 could not be read: %2.</source>
        <translation>无法读取 %1：%2。</translation>
    </message>
    <message>
        <source>%1 is no list of targets. Mend the file, or move it away to begin anew.</source>
        <translation>%1 不是目标列表。请修复该文件，或将其移走以重新开始。</translation>
    </message>
    <message>
        <source>%1 was written by a newer version of Weft. Use that version, or move the file away to begin anew.</source>
        <translation>%1 由更新版本的 Weft 写入。请使用该版本，或将文件移走以重新开始。</translation>
    </message>
    <message>
        <source>There is no target %1. Did you mean %2?</source>
        <translation>没有目标 %1。您是指 %2 吗？</translation>
    </message>
    <message>
        <source>There is no target %1. weft target list shows those there are, weft target add makes one.</source>
        <translation>没有目标 %1。weft target list 显示现有目标，weft target add 可新建目标。</translation>
    </message>
    <message>
        <source>The target local is this machine and always there.</source>
        <translation>目标 local 就是本机，始终存在。</translation>
    </message>
    <message>
        <source>Ranks</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Folder for jobs</source>
        <translation>作业文件夹</translation>
    </message>
    <message>
        <source>Path of the data</source>
        <translation>数据路径</translation>
    </message>
    <message>
        <source>Program weft</source>
        <translation>weft 程序</translation>
    </message>
    <message>
        <source>Configuration of ssh</source>
        <translation>ssh 配置</translation>
    </message>
    <message>
        <source>Hosts</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>Threads of a rank</source>
        <translation>每进程线程数</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Login host</source>
        <translation>登录主机</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>分区</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Quality of service</source>
        <translation>服务质量 (QoS)</translation>
    </message>
    <message>
        <source>Features of nodes</source>
        <translation>节点特性</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>节点数</translation>
    </message>
    <message>
        <source>Ranks on a node</source>
        <translation>每节点进程数</translation>
    </message>
    <message>
        <source>GPUs of a node</source>
        <translation>每节点 GPU 数</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Time limit</source>
        <translation>时限</translation>
    </message>
    <message>
        <source>Ranks started by</source>
        <translation>进程启动方式</translation>
    </message>
    <message>
        <source>Modules</source>
        <translation>模块</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Namespace</source>
        <translation>命名空间</translation>
    </message>
    <message>
        <source>Kubeconfig</source>
        <translation>Kubeconfig</translation>
    </message>
    <message>
        <source>Program kubectl</source>
        <translation>kubectl 程序</translation>
    </message>
    <message>
        <source>Kind of job</source>
        <translation>作业类型</translation>
    </message>
    <message>
        <source>Pods</source>
        <translation>Pod 数</translation>
    </message>
    <message>
        <source>Ranks in a pod</source>
        <translation>每 Pod 进程数</translation>
    </message>
    <message>
        <source>Processor cores</source>
        <translation>处理器核数</translation>
    </message>
    <message>
        <source>GPUs</source>
        <translation>GPU 数</translation>
    </message>
    <message>
        <source>Name of GPUs</source>
        <translation>GPU 资源名</translation>
    </message>
    <message>
        <source>Shared memory</source>
        <translation>共享内存</translation>
    </message>
    <message>
        <source>Volume with the data</source>
        <translation>数据卷</translation>
    </message>
    <message>
        <source>Volume for runs</source>
        <translation>运行卷</translation>
    </message>
    <message>
        <source>Fetch the image</source>
        <translation>拉取镜像</translation>
    </message>
    <message>
        <source>Secrets of the registry</source>
        <translation>镜像仓库的 Secret</translation>
    </message>
    <message>
        <source>Service account</source>
        <translation>服务账户</translation>
    </message>
    <message>
        <source>Labels of nodes</source>
        <translation>节点标签</translation>
    </message>
    <message>
        <source>Tolerated taints</source>
        <translation>容忍的污点</translation>
    </message>
    <message>
        <source>Priority class</source>
        <translation>优先级类</translation>
    </message>
    <message>
        <source>Queue of Kueue</source>
        <translation>Kueue 队列</translation>
    </message>
    <message>
        <source>User id</source>
        <translation>用户 ID</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Certificate authority</source>
        <translation>证书颁发机构</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>重启次数</translation>
    </message>
    <message>
        <source>Hours to keep</source>
        <translation>保留小时数</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>there: the data lie there already; copy: they are sent by rsync before the job starts, and stay for the next.</source>
        <translation>there：数据已在那里；copy：在作业开始前用 rsync 传送，并留给之后的作业。</translation>
    </message>
    <message>
        <source>Time limit, such as 8:00:00. The run is saved before and queued again.</source>
        <translation>时间限制，例如 8:00:00。运行会在此之前保存并重新排队。</translation>
    </message>
    <message>
        <source>Seconds for saving</source>
        <translation>保存所需秒数</translation>
    </message>
    <message>
        <source>Seconds before the time limit at which the run is saved; Slurm may be a minute early.</source>
        <translation>在时间限制之前多少秒保存运行；Slurm 可能会提前一分钟。</translation>
    </message>
    <message>
        <source>Image with weft, Open MPI 4.1 and an ssh server; weft target image prints how to make it.</source>
        <translation>含 weft、Open MPI 4.1 和 ssh 服务器的镜像；weft target image 会打印制作方法。</translation>
    </message>
    <message>
        <source>there: the data lie there already; copy: they are sent by rsync before the job starts, and stay for the next; shards: of a folder of pictures each host is sent only the files that its ranks read, and each epoch shuffles those of each rank.</source>
        <translation>there：数据已在那里；copy：作业开始前用 rsync 发送，并留给下一次；shards：对图片文件夹，只把各主机上进程要读的文件发给该主机，每轮只在各进程自己的样本内打乱。</translation>
    </message>
    <message>
        <source>Namespace of the objects; empty for that of the context.</source>
        <translation>对象所在的命名空间；留空则用上下文的命名空间。</translation>
    </message>
    <message>
        <source>Network between the hosts, such as 10.0.0.0/24, where they have several: ranks listen on it alone.</source>
        <translation>主机之间的网络，例如 10.0.0.0/24；主机有多个网络时填写，进程只在该网络上监听。</translation>
    </message>
</context>
<context>
    <name>Template</name>
    <message>
        <source>Multilayer perceptron</source>
        <translation>多层感知机</translation>
    </message>
    <message>
        <source>Three fully connected layers that tell pieces of clothing apart: the smallest useful network.</source>
        <translation>三个全连接层，用来区分衣物：最小的实用网络。</translation>
    </message>
    <message>
        <source>LeNet</source>
        <translation>LeNet</translation>
    </message>
    <message>
        <source>Two convolutions and two fully connected layers on Fashion-MNIST: about 91 % right after two minutes on a laptop.</source>
        <translation>两个卷积层和两个全连接层，使用 Fashion-MNIST：在笔记本电脑上约两分钟即可达到 91 % 的准确率。</translation>
    </message>
    <message>
        <source>There is no template &quot;%1&quot;. Templates: %2.</source>
        <translation>没有名为“%1”的模板。可用模板：%2。</translation>
    </message>
    <message>
        <source>There is no template &quot;%1&quot;. Did you mean %3? Templates: %2.</source>
        <translation>没有名为“%1”的模板。是否指 %3？可用模板：%2。</translation>
    </message>
    <message>
        <source>Texts: bag of words</source>
        <translation>文本：词袋</translation>
    </message>
    <message>
        <source>The mean of the words&apos; vectors tells the topic of a quotation: about 67 % right of four topics after seconds.</source>
        <translation>用词向量的平均值判断语录的主题：数秒后，四个主题约 67 % 判断正确。</translation>
    </message>
    <message>
        <source>Texts: LSTM</source>
        <translation>文本：LSTM</translation>
    </message>
    <message>
        <source>Reads a text forwards and backwards, word by word, and remembers: for texts whose order counts.</source>
        <translation>从前往后、从后往前逐词阅读并记忆：适合词序重要的文本。</translation>
    </message>
    <message>
        <source>Texts: Transformer</source>
        <translation>文本：Transformer</translation>
    </message>
    <message>
        <source>Two blocks in which every word looks at all others: for many texts, where it finds what bags of words miss.</source>
        <translation>两个块，其中每个词都关注所有其他词：适合大量文本，能发现词袋遗漏的信息。</translation>
    </message>
    <message>
        <source>AlexNet</source>
        <translation>AlexNet</translation>
    </message>
    <message>
        <source>The network that began deep learning on photographs: 61 million parameters, most of them in three dense layers.</source>
        <translation>开启照片深度学习的网络：6100 万个参数，大多在三个全连接层中。</translation>
    </message>
    <message>
        <source>VGG-16</source>
        <translation>VGG-16</translation>
    </message>
    <message>
        <source>Thirteen 3 x 3 convolutions and three dense layers: plain, large (138 million parameters) and slow.</source>
        <translation>十三个 3 x 3 卷积层和三个全连接层：朴素、庞大（1.38 亿个参数）且缓慢。</translation>
    </message>
    <message>
        <source>ResNet-18</source>
        <translation>ResNet-18</translation>
    </message>
    <message>
        <source>Residual blocks that let gradients pass: 11.7 million parameters, the usual first choice for pictures.</source>
        <translation>让梯度得以通过的残差模块：1170 万个参数，图像任务常见的首选。</translation>
    </message>
    <message>
        <source>ResNet-50</source>
        <translation>ResNet-50</translation>
    </message>
    <message>
        <source>Residual blocks with bottlenecks: 25.6 million parameters, more accurate than ResNet-18 and twice as costly.</source>
        <translation>带瓶颈的残差模块：2560 万个参数，比 ResNet-18 更准确，开销约为两倍。</translation>
    </message>
    <message>
        <source>Inception v3</source>
        <translation>Inception v3</translation>
    </message>
    <message>
        <source>Windows of several sizes side by side for pictures of 299 x 299, with the auxiliary head that helps training: 27.2 million parameters.</source>
        <translation>多种大小的窗口并列，用于 299 x 299 的图片，带有帮助训练的辅助头：2720 万个参数。</translation>
    </message>
    <message>
        <source>Inception v3 without auxiliary head</source>
        <translation>Inception v3（无辅助头）</translation>
    </message>
    <message>
        <source>The same with one loss only: 23.8 million parameters and 5.7 billion multiply-adds a picture.</source>
        <translation>同上，但只有一个损失：2380 万个参数，每张图片 57 亿次乘加。</translation>
    </message>
    <message>
        <source>MobileNet v2</source>
        <translation>MobileNet v2</translation>
    </message>
    <message>
        <source>Depthwise convolutions for phones: 3.5 million parameters and 0.3 billion multiply-adds a picture.</source>
        <translation>面向手机的深度卷积：350 万个参数，每张图片 3 亿次乘加。</translation>
    </message>
    <message>
        <source>DenseNet-121</source>
        <translation>DenseNet-121</translation>
    </message>
    <message>
        <source>Every layer sees all before it: 8 million parameters, sparing with weights and hungry for memory.</source>
        <translation>每一层都能看到之前的所有层：800 万个参数，节省权重但耗费内存。</translation>
    </message>
    <message>
        <source>U-Net</source>
        <translation>U-Net</translation>
    </message>
    <message>
        <source>Says for each pixel whether it belongs to the thing: down, up again, and joined at each size.</source>
        <translation>判断每个像素是否属于目标：先缩小、再放大，并在每个尺寸上连接。</translation>
    </message>
    <message>
        <source>Autoencoder</source>
        <translation>自编码器</translation>
    </message>
    <message>
        <source>Squeezes Fashion-MNIST pictures into 32 numbers and draws them again.</source>
        <translation>将 Fashion-MNIST 图片压缩成 32 个数，再重新绘出。</translation>
    </message>
    <message>
        <source>Variational autoencoder</source>
        <translation>变分自编码器</translation>
    </message>
    <message>
        <source>An autoencoder whose 20 numbers follow the normal distribution, so that new pictures can be drawn from it.</source>
        <translation>其 20 个数服从正态分布的自编码器，可由此绘出新图片。</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Three dense layers for rows of numbers; choose your CSV file in place of the generated rows.</source>
        <translation>用于数值行的三个全连接层；请选择自己的 CSV 文件替换生成的数据。</translation>
    </message>
    <message>
        <source>Fashion-MNIST: a first network, seconds an epoch.</source>
        <translation>Fashion-MNIST：入门网络，每轮只需数秒。</translation>
    </message>
    <message>
        <source>Fashion-MNIST: about 91 % right after 5 epochs.</source>
        <translation>Fashion-MNIST：训练 5 轮后约 91 % 正确。</translation>
    </message>
    <message>
        <source>Pictures of 224 x 224. Wants dropout and patience.</source>
        <translation>224 x 224 的图片。需要随机失活和耐心。</translation>
    </message>
    <message>
        <source>Pictures of 224 x 224. Slow: start with a small learning rate.</source>
        <translation>224 x 224 的图片。较慢：请从小学习率开始。</translation>
    </message>
    <message>
        <source>Pictures of 224 x 224. The first to try.</source>
        <translation>224 x 224 的图片。首先尝试它。</translation>
    </message>
    <message>
        <source>Pictures of 224 x 224. Better than ResNet-18 and twice as costly.</source>
        <translation>224 x 224 的图片。优于 ResNet-18，开销为其两倍。</translation>
    </message>
    <message>
        <source>Pictures of 299 x 299. The auxiliary head trains with weight 0.4 and is left out afterwards.</source>
        <translation>299 x 299 的图片。辅助头以权重 0.4 参与训练，之后去掉。</translation>
    </message>
    <message>
        <source>Pictures of 299 x 299, with one loss.</source>
        <translation>299 x 299 的图片，只有一个损失。</translation>
    </message>
    <message>
        <source>Pictures of 224 x 224. Small and quick at inference.</source>
        <translation>224 x 224 的图片。小巧，推理快。</translation>
    </message>
    <message>
        <source>Pictures of 224 x 224. Few weights, much memory.</source>
        <translation>224 x 224 的图片。权重少，占内存多。</translation>
    </message>
    <message>
        <source>A mask for pictures of 128 x 128; generated samples show it.</source>
        <translation>为 128 x 128 的图片给出掩码；自带生成的样本。</translation>
    </message>
    <message>
        <source>Fashion-MNIST: draws its input again from 32 numbers.</source>
        <translation>Fashion-MNIST：由 32 个数重新画出输入。</translation>
    </message>
    <message>
        <source>Fashion-MNIST: 20 numbers near the normal distribution.</source>
        <translation>Fashion-MNIST：20 个接近正态分布的数。</translation>
    </message>
    <message>
        <source>Rows of 16 numbers in 4 classes; generated samples show it.</source>
        <translation>每行 16 个数，分 4 类；自带生成的样本。</translation>
    </message>
    <message>
        <source>2,843 quotations of four topics: about 67 % right after seconds.</source>
        <translation>四个主题的 2,843 条引文：数秒后约 67 % 正确。</translation>
    </message>
    <message>
        <source>2,843 quotations of four topics: about 61 % right after a minute.</source>
        <translation>四个主题的 2,843 条引文：一分钟后约 61 % 正确。</translation>
    </message>
    <message>
        <source>2,843 quotations of four topics: about 59 % right after a minute.</source>
        <translation>四个主题的 2,843 条引文：一分钟后约 59 % 正确。</translation>
    </message>
    <message>
        <source>Vision Transformer</source>
        <translation>视觉 Transformer</translation>
    </message>
    <message>
        <source>ViT-Tiny: pictures cut into patches of 16 x 16 that attend to each other: 5.7 million parameters, many pictures wanted.</source>
        <translation>微型 ViT：把图片切成 16 x 16 的小块，让它们互相关注：570 万个参数，需要大量图片。</translation>
    </message>
    <message>
        <source>Pictures of 224 x 224. Wants many of them.</source>
        <translation>224 x 224 的图片。需要很多图片。</translation>
    </message>
    <message>
        <source>Time series: GRU</source>
        <translation>时间序列：GRU</translation>
    </message>
    <message>
        <source>Reads 48 steps of three measured values and says what comes next: forecasts from waves hidden in noise.</source>
        <translation>读入三个测量值的 48 个时间步并说出接下来的值：从噪声中的波形作出预测。</translation>
    </message>
    <message>
        <source>Three measured values over 48 steps; generated samples show it: R² about 0.97.</source>
        <translation>48 步的三个测量值；用生成的样本演示：R² 约为 0.97。</translation>
    </message>
</context>
<context>
    <name>TemplateBlock</name>
    <message>
        <source>Dense layer</source>
        <translation>稠密层</translation>
    </message>
    <message>
        <source>A 1 x 1 and a 3 x 3 convolution; what they find is joined to what came in.</source>
        <translation>一个 1 x 1 卷积和一个 3 x 3 卷积；其结果与输入拼接。</translation>
    </message>
    <message>
        <source>Channels that are added.</source>
        <translation>增加的通道数。</translation>
    </message>
    <message>
        <source>Four dense layers</source>
        <translation>四个稠密层</translation>
    </message>
    <message>
        <source>Four dense layers, each seeing all that came before.</source>
        <translation>四个稠密层，每一层都能看到之前的全部结果。</translation>
    </message>
    <message>
        <source>Channels that each layer adds.</source>
        <translation>每一层增加的通道数。</translation>
    </message>
    <message>
        <source>Transition</source>
        <translation>过渡层</translation>
    </message>
    <message>
        <source>Narrows the channels and halves the image between two stages.</source>
        <translation>在两个阶段之间减少通道并把图像减半。</translation>
    </message>
    <message>
        <source>Channels of the output.</source>
        <translation>输出的通道数。</translation>
    </message>
    <message>
        <source>Convolution</source>
        <translation>卷积</translation>
    </message>
    <message>
        <source>A convolution with batch normalisation and ReLU.</source>
        <translation>带批归一化和 ReLU 的卷积。</translation>
    </message>
    <message>
        <source>Height of the kernel.</source>
        <translation>卷积核的高度。</translation>
    </message>
    <message>
        <source>Width of the kernel.</source>
        <translation>卷积核的宽度。</translation>
    </message>
    <message>
        <source>2 halves height and width.</source>
        <translation>2 使高和宽减半。</translation>
    </message>
    <message>
        <source>Rows added above and below.</source>
        <translation>上下各增加的行数。</translation>
    </message>
    <message>
        <source>Columns added left and right.</source>
        <translation>左右各增加的列数。</translation>
    </message>
    <message>
        <source>Inception A</source>
        <translation>Inception A</translation>
    </message>
    <message>
        <source>1 x 1, 5 x 5, double 3 x 3 and pooling side by side, for 35 x 35 images.</source>
        <translation>1 x 1、5 x 5、两个 3 x 3 和池化并列，用于 35 x 35 的图像。</translation>
    </message>
    <message>
        <source>Channels of the pooling branch.</source>
        <translation>池化分支的通道数。</translation>
    </message>
    <message>
        <source>Inception B</source>
        <translation>Inception B</translation>
    </message>
    <message>
        <source>Halves 35 x 35 images: 3 x 3, double 3 x 3 and pooling with stride 2.</source>
        <translation>把 35 x 35 的图像减半：3 x 3、两个 3 x 3 和步幅为 2 的池化。</translation>
    </message>
    <message>
        <source>Inception C</source>
        <translation>Inception C</translation>
    </message>
    <message>
        <source>1 x 1, 7 x 7 split into 1 x 7 and 7 x 1, the same twice, and pooling, for 17 x 17 images.</source>
        <translation>1 x 1、拆成 1 x 7 与 7 x 1 的 7 x 7、同样的两次，以及池化，用于 17 x 17 的图像。</translation>
    </message>
    <message>
        <source>Channels inside the 7 x 7 branches.</source>
        <translation>7 x 7 分支内部的通道数。</translation>
    </message>
    <message>
        <source>Inception D</source>
        <translation>Inception D</translation>
    </message>
    <message>
        <source>Halves 17 x 17 images: 3 x 3, 7 x 7 then 3 x 3, and pooling with stride 2.</source>
        <translation>把 17 x 17 的图像减半：3 x 3、7 x 7 接 3 x 3，以及步幅为 2 的池化。</translation>
    </message>
    <message>
        <source>Inception E</source>
        <translation>Inception E</translation>
    </message>
    <message>
        <source>1 x 1, 3 x 3 split into 1 x 3 beside 3 x 1, the same behind a 3 x 3, and pooling, for 8 x 8 images.</source>
        <translation>1 x 1、拆成并列 1 x 3 与 3 x 1 的 3 x 3、接在 3 x 3 之后的同样结构，以及池化，用于 8 x 8 的图像。</translation>
    </message>
    <message>
        <source>Inverted bottleneck</source>
        <translation>倒置瓶颈</translation>
    </message>
    <message>
        <source>Widens the channels, filters each by itself, narrows them again; may halve the image.</source>
        <translation>扩展通道，逐通道滤波，再收窄；可以把图像减半。</translation>
    </message>
    <message>
        <source>Channels that come in.</source>
        <translation>输入的通道数。</translation>
    </message>
    <message>
        <source>How many times the channels are widened inside.</source>
        <translation>内部通道扩展的倍数。</translation>
    </message>
    <message>
        <source>Inverted residual</source>
        <translation>倒置残差</translation>
    </message>
    <message>
        <source>Widens the channels, filters each by itself, narrows them again, and adds what came in.</source>
        <translation>扩展通道，逐通道滤波，再收窄，并加上输入。</translation>
    </message>
    <message>
        <source>Residual block</source>
        <translation>残差块</translation>
    </message>
    <message>
        <source>Two 3 x 3 convolutions whose result is added to what came in.</source>
        <translation>两个 3 x 3 卷积，其结果与输入相加。</translation>
    </message>
    <message>
        <source>Residual block, halving</source>
        <translation>残差块（减半）</translation>
    </message>
    <message>
        <source>Two 3 x 3 convolutions; a 1 x 1 convolution fits the shortcut to their shape.</source>
        <translation>两个 3 x 3 卷积；捷径用一个 1 x 1 卷积对齐形状。</translation>
    </message>
    <message>
        <source>Bottleneck</source>
        <translation>瓶颈块</translation>
    </message>
    <message>
        <source>1 x 1, 3 x 3 and 1 x 1 convolutions whose result is added to what came in.</source>
        <translation>1 x 1、3 x 3、1 x 1 卷积，其结果与输入相加。</translation>
    </message>
    <message>
        <source>Channels inside; the output has four times as many.</source>
        <translation>内部的通道数；输出是它的四倍。</translation>
    </message>
    <message>
        <source>Bottleneck, new shape</source>
        <translation>瓶颈块（改变形状）</translation>
    </message>
    <message>
        <source>1 x 1, 3 x 3 and 1 x 1 convolutions; a 1 x 1 convolution fits the shortcut to their shape.</source>
        <translation>1 x 1、3 x 3、1 x 1 卷积；捷径用一个 1 x 1 卷积对齐形状。</translation>
    </message>
    <message>
        <source>Two convolutions</source>
        <translation>两个卷积</translation>
    </message>
    <message>
        <source>Two 3 x 3 convolutions with batch normalisation and ReLU.</source>
        <translation>两个带批归一化和 ReLU 的 3 x 3 卷积。</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>上采样</translation>
    </message>
    <message>
        <source>Doubles the image, joins what the way down kept at this size, and mixes both.</source>
        <translation>把图像放大一倍，与下行路径上同样大小的结果拼接，再混合两者。</translation>
    </message>
    <message>
        <source>Two 3 x 3 convolutions with ReLU, then a pooling that halves the image.</source>
        <translation>两个带 ReLU 的 3 x 3 卷积，然后是使图像减半的池化。</translation>
    </message>
    <message>
        <source>Three convolutions</source>
        <translation>三个卷积</translation>
    </message>
    <message>
        <source>Three 3 x 3 convolutions with ReLU, then a pooling that halves the image.</source>
        <translation>三个带 ReLU 的 3 x 3 卷积，然后是使图像减半的池化。</translation>
    </message>
</context>
<context>
    <name>Training</name>
    <message>
        <source>The run is paused already.</source>
        <translation>运行已经暂停。</translation>
    </message>
    <message>
        <source>The run is not paused.</source>
        <translation>运行没有暂停。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no command. There are pause, resume, stop, checkpoint and set.</source>
        <translation>“%1”不是命令。可用的有 pause、resume、stop、checkpoint 和 set。</translation>
    </message>
    <message>
        <source>The learning rate must be a number greater than 0, not &quot;%1&quot;.</source>
        <translation>学习率必须是大于 0 的数，而不是“%1”。</translation>
    </message>
    <message>
        <source>The number of epochs must be an integer of at least %1, the epoch being trained.</source>
        <translation>轮数必须是不小于 %1（当前正在训练的轮）的整数。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be changed while the run goes on. training.optimizer.learningRate and training.epochs can.</source>
        <translation>运行期间不能更改“%1”。可以更改的是 training.optimizer.learningRate 和 training.epochs。</translation>
    </message>
    <message>
        <source>The data have no training samples. Check the source and the size of the validation and test parts.</source>
        <translation>数据中没有训练样本。请检查数据源以及验证集和测试集的大小。</translation>
    </message>
    <message>
        <source>The data ended before the epoch did.</source>
        <translation>本轮尚未结束，数据就用完了。</translation>
    </message>
    <message>
        <source>The evaluation was cancelled.</source>
        <translation>评估已取消。</translation>
    </message>
    <message>
        <source>%1 is a file. A run needs a folder of its own: give another with --run-dir.</source>
        <translation>%1 是文件。每次运行需要自己的文件夹：请用 --run-dir 另行指定。</translation>
    </message>
    <message>
        <source>The folder %1 holds a run. Go on with it by --resume, or give another with --run-dir.</source>
        <translation>文件夹 %1 中已有运行。请用 --resume 继续它，或用 --run-dir 指定另一个文件夹。</translation>
    </message>
    <message>
        <source>The data have changed since the run began, so it cannot be resumed with the same results. Bring the old data back, or start a new run.</source>
        <translation>运行开始之后数据已改变，因此无法以相同的结果继续。请恢复原来的数据，或开始新的运行。</translation>
    </message>
    <message>
        <source>The settings differ from those the run began with. Only --epochs and --device may change on --resume.</source>
        <translation>设置与运行开始时不同。使用 --resume 时只能更改 --epochs 和 --device。</translation>
    </message>
    <message>
        <source>%1 has no column &quot;%2&quot;, which the network reads.</source>
        <translation>%1 没有网络要读取的列“%2”。</translation>
    </message>
    <message>
        <source>The network takes no list of numbers: its input &quot;%1&quot; is %2 %3.</source>
        <translation>该网络不接受数列：其输入“%1”是 %2 %3。</translation>
    </message>
    <message>
        <source>The network&apos;s input &quot;%1&quot; takes %2 numbers; %3 were given.</source>
        <translation>网络的输入“%1”需要 %2 个数；给出了 %3 个。</translation>
    </message>
    <message>
        <source>There is no sample %1:%2; the data have %3 there, counted from 0.</source>
        <translation>没有样本 %1:%2；该部分有 %3 个样本，从 0 数起。</translation>
    </message>
    <message>
        <source>The data have no column &quot;%1&quot; of the kind that the network reads (%2 %3).</source>
        <translation>数据中没有网络要读取的那种“%1”列（%2 %3）。</translation>
    </message>
    <message>
        <source>Line %2 of %1 has &quot;%4&quot; in the column &quot;%3&quot;, where a number is expected.</source>
        <translation>%1 第 %2 行的“%3”列是“%4”，而这里应为数值。</translation>
    </message>
    <message>
        <source>%1 has no rows below the names of its columns.</source>
        <translation>%1 在列名之下没有数据行。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be an object of settings.</source>
        <translation>“%1”必须是由设置组成的对象。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be an integer of at least %2.</source>
        <translation>“%1”必须是不小于 %2 的整数。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be a number from %2 to less than %3.</source>
        <translation>“%1”必须是不小于 %2 且小于 %3 的数。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be a number of at least %2.</source>
        <translation>“%1”必须是不小于 %2 的数。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be a number greater than %2.</source>
        <translation>“%1”必须是大于 %2 的数。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be true or false.</source>
        <translation>“%1”必须是 true 或 false。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no setting of the training.</source>
        <translation>“%1”不是训练设置。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no setting of the training. Did you mean &quot;%2&quot;?</source>
        <translation>“%1”不是训练设置。是指“%2”吗？</translation>
    </message>
    <message>
        <source>Nesterov&apos;s method needs a momentum greater than 0: set training.optimizer.momentum, for example to 0.9.</source>
        <translation>Nesterov 方法需要大于 0 的动量：请设置 training.optimizer.momentum，例如 0.9。</translation>
    </message>
    <message>
        <source>The loss became %1 at step %2 (epoch %3). Lower the learning rate, now %4, and check the data for extreme or missing values.</source>
        <translation>损失在第 %2 步（第 %3 轮）变为 %1。请降低学习率（当前为 %4），并检查数据中是否有极端值或缺失值。</translation>
    </message>
    <message>
        <source>The numbers in &quot;%1&quot; became NaN or infinite before step %2 (epoch %3). Lower the learning rate, now %4, and check the data for extreme or missing values. The checkpoint before stays.</source>
        <translation>“%1”中的数在第 %2 步（第 %3 轮）之前变为 NaN 或无穷大。请降低学习率（当前为 %4），并检查数据中是否有极端值或缺失值。之前的检查点仍然保留。</translation>
    </message>
    <message>
        <source>The run has finished its %1 epochs. Give a larger number with --epochs to go on.</source>
        <translation>运行已完成全部 %1 轮。要继续，请用 --epochs 给出更大的数。</translation>
    </message>
    <message>
        <source>The weights file lacks %1 of the network&apos;s arrays (the first is %2). They keep their random start.</source>
        <translation>权重文件缺少网络的 %1 个数组（第一个是 %2）。它们保持随机初始值。</translation>
    </message>
    <message>
        <source>The network has no loss, so there is nothing to learn from. Add a loss, for example CrossEntropy, and wire the output to it.</source>
        <translation>网络没有损失，因此无从学习。请添加一个损失，例如交叉熵，并把输出接到它上面。</translation>
    </message>
    <message>
        <source>The label of %1 is %2, but the output before the loss %3 has %4 units, for the labels 0 to %5. Give the last layer as many units as there are classes (%6).</source>
        <translation>%1 的标签是 %2，但损失 %3 之前的输出有 %4 个单元，对应标签 0 至 %5。请让最后一层的单元数等于类别数（%6）。</translation>
    </message>
    <message>
        <source>%1 The checkpoint of step %2 is whole: weft train --resume --run-dir %3 goes on from it.</source>
        <translation>%1 第 %2 步的检查点是完整的：weft train --resume --run-dir %3 可从它继续。</translation>
    </message>
    <message>
        <source>The checkpoint is at batch %1 of epoch %2 and step %3, which does not fit an epoch of %4 steps: it is damaged or belongs to another run.</source>
        <translation>检查点位于第 %2 轮第 %1 批、第 %3 步，与每轮 %4 步不符：它已损坏或属于另一次运行。</translation>
    </message>
    <message>
        <source>%1 Remove the file %2 to go on from the checkpoint of step %3.</source>
        <translation>%1 删除文件 %2 即可从第 %3 步的检查点继续。</translation>
    </message>
    <message>
        <source>The folder %1 holds other files. Give another with --run-dir: a run needs a folder of its own.</source>
        <translation>文件夹 %1 中有其他文件。请用 --run-dir 另行指定：每次运行需要自己的文件夹。</translation>
    </message>
    <message>
        <source>The run folder %1 could not be made: %2. Name another with --run-dir.</source>
        <translation>无法创建运行文件夹 %1：%2。请用 --run-dir 另行指定。</translation>
    </message>
    <message>
        <source>training.monitor is &quot;%1&quot;, which is measured on validation data, but there are none. Set data.validation.</source>
        <translation>training.monitor 为“%1”，需要在验证数据上测量，但没有验证数据。请设置 data.validation。</translation>
    </message>
    <message>
        <source>training.monitor is &quot;%1&quot;, but the network&apos;s loss gives no such number. Set it to &quot;loss&quot;, or to &quot;auto&quot;.</source>
        <translation>training.monitor 为“%1”，但该网络的损失没有这个数值。请设为 &quot;loss&quot; 或 &quot;auto&quot;。</translation>
    </message>
    <message>
        <source>AdamW is Adam with decoupled weight decay: set training.optimizer.type to &quot;adam&quot; to have it otherwise.</source>
        <translation>AdamW 就是解耦权重衰减的 Adam：若不要解耦，请把 training.optimizer.type 设为 &quot;adam&quot;。</translation>
    </message>
    <message>
        <source>Gradients are clipped either by their norm or by value: set only one of training.gradientClipping.norm and training.gradientClipping.value.</source>
        <translation>梯度只能按范数或按值裁剪：training.gradientClipping.norm 与 training.gradientClipping.value 只设其一。</translation>
    </message>
    <message>
        <source>The multistep schedule needs the epochs at which the learning rate falls: set training.schedule.milestones, for example to [10, 20].</source>
        <translation>里程碑计划需要学习率下降的轮次：请设置 training.schedule.milestones，例如 [10, 20]。</translation>
    </message>
    <message>
        <source>training.schedule.minimumRate is %1, above the learning rate %2. It must not be larger.</source>
        <translation>training.schedule.minimumRate 为 %1，高于学习率 %2。它不能更大。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be a list of growing integers, each at least %2.</source>
        <translation>“%1”必须是递增的整数列表，每个至少为 %2。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be one of %2.</source>
        <translation>“%1”必须是以下之一：%2。</translation>
    </message>
    <message>
        <source>The run ended early: &quot;%1&quot; has not improved for %2 epochs.</source>
        <translation>训练提前结束：“%1”已有 %2 轮没有改善。</translation>
    </message>
    <message>
        <source>The run has ended early after %1 epochs, because &quot;%2&quot; no longer improved. To go on from its weights start a new run with --weights.</source>
        <translation>训练在 %1 轮后提前结束，因为“%2”不再改善。要从其权重继续，请用 --weights 开始新的训练。</translation>
    </message>
    <message>
        <source>Nothing in the network can be trained: no layer with weights that are not frozen leads to the loss. Add one, for example Dense.</source>
        <translation>网络中没有可训练的部分：没有带未冻结权重的层通向损失。请添加一个，例如全连接层。</translation>
    </message>
    <message>
        <source>The texts have changed since the run %1, so their words have other numbers now. Bring the old texts back, or start a new run.</source>
        <translation>自运行 %1 以来文本已改变，词的编号也随之不同。请恢复原来的文本，或开始新的运行。</translation>
    </message>
    <message>
        <source>The text is empty, so there is nothing to predict from.</source>
        <translation>文本为空，无从预测。</translation>
    </message>
    <message>
        <source>A text alone is not enough for the network: it also reads the column &quot;%1&quot;.</source>
        <translation>只有文本对该网络还不够：它还读取列“%1”。</translation>
    </message>
    <message>
        <source>The texts have tokens up to %1, but %2 has a vocabulary of %3. Set its vocabulary to at least %4, or data.vocabularySize to %3.</source>
        <translation>文本的词元编号最大为 %1，而 %2 的词表大小为 %3。请将其词表至少设为 %4，或将 data.vocabularySize 设为 %3。</translation>
    </message>
    <message>
        <source>The run was computed in &quot;%1&quot;, which this version of Weft does not know. Go on with it in a newer version.</source>
        <translation>该运行以“%1”计算，此版本的 Weft 不认识它。请用更新的版本继续。</translation>
    </message>
    <message>
        <source>%1 reads the column &quot;%2&quot;, which the data do not have. Name one of theirs: %3.</source>
        <translation>%1 读取列“%2”，但数据没有这一列。请改用其中之一：%3。</translation>
    </message>
    <message>
        <source>%1 reads the column &quot;%2&quot;, which the data do not have. Did you mean &quot;%3&quot;? They have: %4.</source>
        <translation>%1 读取列“%2”，但数据没有这一列。您是指“%3”吗？数据有：%4。</translation>
    </message>
    <message>
        <source>%1 takes the column &quot;%2&quot; as %3, but the data have %4 there. Set the &quot;kind&quot; of %1 to &quot;%5&quot;.</source>
        <translation>%1 以 %3 读取列“%2”，但数据在那里是 %4。请将 %1 的“kind”设为“%5”。</translation>
    </message>
    <message>
        <source>The loss %1 compares with classes, but the column &quot;%2&quot; holds numbers. Take a loss for numbers, such as MeanSquaredError, or name a column of classes; data.labelKind &quot;class&quot; makes classes of the label column of a table.</source>
        <translation>损失 %1 与类别比较，但列“%2”存放的是数值。请改用面向数值的损失，例如均方误差，或指定一个类别列；data.labelKind 设为 &quot;class&quot; 可把表格的标签列当作类别。</translation>
    </message>
    <message>
        <source>The loss %1 compares with numbers, but the column &quot;%2&quot; holds classes. Take a loss for classes, such as CrossEntropy, or name a column of numbers; data.labelKind &quot;number&quot; makes numbers of the label column of a table.</source>
        <translation>损失 %1 与数值比较，但列“%2”存放的是类别。请改用面向类别的损失，例如交叉熵，或指定一个数值列；data.labelKind 设为 &quot;number&quot; 可把表格的标签列当作数值。</translation>
    </message>
    <message>
        <source>The loss %1 compares with %3, but the data have %4 in the column &quot;%2&quot;. Name another column, or wire the Input that reads it to the target.</source>
        <translation>损失 %1 与 %3 比较，但数据的列“%2”是 %4。请指定另一列，或把读取它的输入层接到目标上。</translation>
    </message>
    <message>
        <source>%1 takes &quot;%2&quot; as sequences of variable length, but the data have %3 of a fixed shape. Turn &quot;variableLength&quot; of %1 off.</source>
        <translation>%1 把“%2”当作变长序列读取，但数据是固定形状 %3。请关闭 %1 的“variableLength”。</translation>
    </message>
    <message>
        <source>The sequences in &quot;%2&quot; have up to %3 steps, but %1 takes %4 at most. Set data.maxLength to %4, or the shape of %1 to %3.</source>
        <translation>“%2”中的序列最长有 %3 步，但 %1 最多接受 %4 步。请将 data.maxLength 设为 %4，或将 %1 的形状设为 %3。</translation>
    </message>
    <message>
        <source>%1 takes the column &quot;%2&quot; in the shape %3, but the data have %4. Set the shape of %1 to that of the data.</source>
        <translation>%1 以形状 %3 读取列“%2”，但数据的形状是 %4。请将 %1 的形状设为数据的形状。</translation>
    </message>
    <message>
        <source>The loss %1 compares a prediction of the shape %3 with the column &quot;%2&quot;, which has %4. Give the layer before the loss the shape of the column, or name another column.</source>
        <translation>损失 %1 将形状为 %3 的预测与形状为 %4 的列“%2”比较。请让损失之前的层给出该列的形状，或指定另一列。</translation>
    </message>
    <message>
        <source>The label of %1 is %2, but the loss %3 tells two classes apart, 0 and 1. Take CrossEntropy and give the layer before it as many units as there are classes (%4).</source>
        <translation>%1 的标签是 %2，但损失 %3 只区分两个类别 0 和 1。请改用交叉熵，并让它之前的层的单元数等于类别数（%4）。</translation>
    </message>
    <message>
        <source>The output before the loss %1 has %2 units, but the data have %3 classes: predictions will be numbers without a class name. Give the last layer %3 units.</source>
        <translation>损失 %1 之前的输出有 %2 个单元，但数据只有 %3 个类别：预测将是没有类别名称的数值。请给最后一层 %3 个单元。</translation>
    </message>
    <message>
        <source>The data have no %1 samples. Name another part of them with --split, or set data.%1.</source>
        <translation>数据没有 %1 样本。请用 --split 指定另一部分，或设置 data.%1。</translation>
    </message>
    <message>
        <source>The vocabulary %1 does not fit what %2 reads: it is damaged or belongs to another run. Restore it from a copy.</source>
        <translation>词表 %1 与 %2 读取的内容不符：它已损坏或属于另一次运行。请从副本恢复。</translation>
    </message>
    <message>
        <source>The network takes no picture: its input &quot;%1&quot; is %2 %3. Give a table with its numbers, or a sample such as test:17.</source>
        <translation>网络不接受图片：其输入“%1”是 %2 %3。请给出含有这些数值的表格，或 test:17 这样的样本。</translation>
    </message>
    <message>
        <source>Training in batches of %1 takes about %2 of memory, but only %3 are free: set the batch size to %4, which fits.</source>
        <translation>以每批 %1 个样本训练约需 %2 内存，但只有 %3 可用：请把批大小设为能放下的 %4。</translation>
    </message>
    <message>
        <source>Training in batches of %1 takes about %2 of memory, but only %3 are free: set the batch size to %4, which fits, or keep it and recompute values to save memory (--memory lean).</source>
        <translation>以每批 %1 个样本训练约需 %2 内存，但只有 %3 可用：请把批大小设为能放下的 %4，或保持批大小并重新计算中间值以节省内存（--memory lean）。</translation>
    </message>
    <message>
        <source>Training in batches of %1 takes about %2 of memory, but only %3 are free: recompute values to save memory (--memory lean), which fits.</source>
        <translation>以每批 %1 个样本训练约需 %2 内存，但只有 %3 可用：请重新计算中间值以节省内存（--memory lean），这样能放下。</translation>
    </message>
    <message>
        <source>Training in batches of %1 takes about %2 of memory, but only %3 are free: set the batch size to %4, which fits, or to %5 and recompute values to save memory (--memory lean).</source>
        <translation>以每批 %1 个样本训练约需 %2 内存，但只有 %3 可用：请把批大小设为能放下的 %4，或设为 %5 并重新计算中间值以节省内存（--memory lean）。</translation>
    </message>
    <message>
        <source>Training in batches of %1 takes about %2 of memory, but only %3 are free: set the batch size to %4 and recompute values to save memory (--memory lean), which fits.</source>
        <translation>以每批 %1 个样本训练约需 %2 内存，但只有 %3 可用：请把批大小设为 %4 并重新计算中间值以节省内存（--memory lean），这样能放下。</translation>
    </message>
    <message>
        <source>Training in batches of %1 takes about %2 of memory, but only %3 are free, and not even a batch of 1 fits: make the largest layers smaller, or close other programs.</source>
        <translation>以每批 %1 个样本训练约需 %2 内存，但只有 %3 可用，连每批 1 个样本也放不下：请缩小最大的层，或关闭其他程序。</translation>
    </message>
    <message>
        <source>The network has no loss, so nothing can be learned and no gradient measured.</source>
        <translation>网络没有损失，因此无法学习，也无法测量梯度。</translation>
    </message>
    <message>
        <source>The data have no %1 samples.</source>
        <translation>数据中没有 %1 样本。</translation>
    </message>
    <message>
        <source>The measurement was cancelled.</source>
        <translation>测量已取消。</translation>
    </message>
    <message>
        <source>Values of type %1 cannot be shown.</source>
        <translation>无法显示类型为 %1 的值。</translation>
    </message>
    <message>
        <source>The data have no sample %1 to %2.</source>
        <translation>数据的 %2 部分没有第 %1 号样本。</translation>
    </message>
    <message>
        <source>Rank %1 on %2 cannot train: %3</source>
        <translation>%2 上的进程 %1 无法训练：%3</translation>
    </message>
    <message>
        <source>The statistics of %1 cannot be taken over all ranks, because its sequences differ in length. Turn training.distributed.synchronisedBatchNorm off.</source>
        <translation>%1 的统计量无法在所有进程上计算，因为其序列长度不同。请关闭 training.distributed.synchronisedBatchNorm。</translation>
    </message>
    <message>
        <source>Another replica of the network has failed.</source>
        <translation>网络的另一个副本失败了。</translation>
    </message>
    <message>
        <source>Workers of a parameter server do not meet, so their BatchNorm statistics cannot be taken together: set training.distributed.update to &quot;allReduce&quot;, or turn training.distributed.synchronisedBatchNorm off.</source>
        <translation>参数服务器的工作进程互不会合，因此无法合并它们的 BatchNorm 统计量：请将 training.distributed.update 设为 &quot;allReduce&quot;，或关闭 training.distributed.synchronisedBatchNorm。</translation>
    </message>
    <message>
        <source>A parameter server updates the weights after every batch: set training.gradientAccumulation to 1, or training.distributed.update to &quot;allReduce&quot;.</source>
        <translation>参数服务器在每个批次后更新权重：请将 training.gradientAccumulation 设为 1，或将 training.distributed.update 设为 &quot;allReduce&quot;。</translation>
    </message>
    <message>
        <source>The run began with %1 ranks, each with a batch of its own (training.distributed.batch), and cannot go on with %2. Resume it with --ranks %1.</source>
        <translation>此次运行开始时有 %1 个进程，每个进程有自己的批次（training.distributed.batch），不能以 %2 个进程继续。请用 --ranks %1 恢复。</translation>
    </message>
    <message>
        <source>There is no update rule &quot;%1&quot;. There are allReduce, parameterServer, staleSynchronous, asynchronous.</source>
        <translation>没有更新规则“%1”。可用的有 allReduce、parameterServer、staleSynchronous、asynchronous。</translation>
    </message>
    <message>
        <source>Every worker takes batches of %1 samples, so that the batch of all grows with their number, and is as fast as the one that was measured.</source>
        <translation>每个工作进程取 %1 个样本的批次，因此总批次随其数量增大；每个都与所测量的一样快。</translation>
    </message>
    <message>
        <source>Data reach every worker in time, and the steps of a worker differ by %1 % (standard deviation).</source>
        <translation>数据及时到达每个工作进程，其各步用时相差 %1 %（标准差）。</translation>
    </message>
    <message>
        <source>Of the link&apos;s rate %1 % can be used, in both directions at once; a message takes %2 µs.</source>
        <translation>链路速率的 %1 % 可用，两个方向同时；一条消息需要 %2 微秒。</translation>
    </message>
    <message>
        <source>An all-reduce moves what a ring moves, in buckets; %1 % of it are hidden behind the backward pass.</source>
        <translation>全规约传输的数据量与环相同，分桶进行；其中 %1 % 隐藏在反向传播之后。</translation>
    </message>
    <message>
        <source>Of %1 parameter server(s) each has a link of its own and updates weights in no time.</source>
        <translation>共 %1 个参数服务器，各有自己的链路，更新权重不计时间。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no speed of a link. Say it like 25Gbit, 800Mbit or 3GB (a second).</source>
        <translation>“%1”不是链路速度。请写成 25Gbit、800Mbit 或 3GB（每秒）。</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>The folder %1 holds a run that a target trains. weft follow %1 watches it and weft runs delete %1 ends it; for another run give another folder with --run-dir.</source>
        <translation>文件夹 %1 中有一个正在由目标训练的运行。weft follow %1 可观察它，weft runs delete %1 可结束它；若要另一次运行，请用 --run-dir 指定另一个文件夹。</translation>
    </message>
    <message>
        <source>The label of %1 is %2, but the loss %3 compares with numbers from 0 to 1. Bring the column into that range, or take a loss for any numbers, such as MeanSquaredError.</source>
        <translation>%1 的标签是 %2，但损失 %3 与 0 到 1 之间的数比较。请把该列换算到此范围，或改用适合任意数的损失，例如 MeanSquaredError。</translation>
    </message>
    <message>
        <source>%1 The newest whole checkpoint of this run is that of step %2: name it with --checkpoint %2.</source>
        <translation>%1 此运行最新的完好检查点是第 %2 步的：用 --checkpoint %2 指定它。</translation>
    </message>
    <message>
        <source>A link is measured between ranks, but there is only one.</source>
        <translation>链路在进程之间测量，但只有一个进程。</translation>
    </message>
    <message>
        <source>The ranks gave no figures of their link: %1</source>
        <translation>各进程没有给出链路的数据：%1</translation>
    </message>
    <message>
        <source>All links are as the one between the %1 ranks that were measured: %2 Gbit/s each way, in both directions at once; a message takes %3 µs.</source>
        <translation>所有链路都与测量过的 %1 个进程之间的链路相同：每个方向 %2 Gbit/s，两个方向同时进行；一条消息需要 %3 µs。</translation>
    </message>
    <message>
        <source>Gradients take %1 % of their bytes on the link, and converting them takes no time.</source>
        <translation>梯度在链路上只占其字节数的 %1 %，转换不花时间。</translation>
    </message>
    <message>
        <source>Of the workers %1 stand by for slow ones: a step ends when the others have theirs, whichever these are, and samples count once.</source>
        <translation>工作进程中有 %1 个为慢者后备：只要其余各个（不论是哪些）完成，一步就结束，样本只计一次。</translation>
    </message>
    <message>
        <source>A parameter server hands every batch to whichever worker is free, so that no samples stay with a rank: set training.distributed.shuffle to &quot;global&quot;, or training.distributed.update to &quot;allReduce&quot;.</source>
        <translation>参数服务器把每个批次交给任何空闲的工作进程，因此样本不会固定属于某个进程：请将 training.distributed.shuffle 设为 &quot;global&quot;，或将 training.distributed.update 设为 &quot;allReduce&quot;。</translation>
    </message>
    <message>
        <source>The run began with %1 ranks, each with samples of its own (training.distributed.shuffle), and cannot go on with %2. Resume it with --ranks %1.</source>
        <translation>此次运行开始时有 %1 个进程，每个进程有自己的样本（training.distributed.shuffle），不能以 %2 个进程继续。请用 --ranks %1 恢复。</translation>
    </message>
    <message>
        <source>A parameter server does not scale the loss as fp16 needs it. Choose fp32 or bf16, or all-reduce.</source>
        <translation>参数服务器不做 fp16 所需的损失缩放。请选择 fp32 或 bf16，或改用 all-reduce。</translation>
    </message>
    <message>
        <source>%1 replicas on graphics cards need a card each, but this machine has %2. Choose fewer, or the device cpu.</source>
        <translation>显卡上的 %1 个副本各需要一块显卡，但此机器有 %2 块。请减少副本，或选择设备 cpu。</translation>
    </message>
    <message>
        <source>Graphics cards send gradients in float32: set training.distributed.compression to none.</source>
        <translation>显卡以 float32 传输梯度：请将 training.distributed.compression 设为 none。</translation>
    </message>
    <message>
        <source>%1 parameter server(s) and %2 backup workers need at least %3 ranks, because servers compute no gradients. Start more with --ranks, or set training.distributed.update to &quot;allReduce&quot;.</source>
        <translation>%1 个参数服务器和 %2 个后备工作进程至少需要 %3 个进程，因为服务器不计算梯度。请用 --ranks 启动更多进程，或将 training.distributed.update 设为 &quot;allReduce&quot;。</translation>
    </message>
    <message>
        <source>The network has %1 trained arrays, which cannot be divided among %2 parameter servers. Set training.distributed.servers to %1 or less.</source>
        <translation>该网络有 %1 个可训练数组，无法分给 %2 个参数服务器。请将 training.distributed.servers 设为 %1 或更小。</translation>
    </message>
    <message>
        <source>Each parameter server sees only its share of the gradients, not the norm of them all: set training.distributed.servers to 1, or clip by training.gradientClipping.value.</source>
        <translation>每个参数服务器只看到自己那部分梯度，看不到全部梯度的范数：请将 training.distributed.servers 设为 1，或改用 training.gradientClipping.value 裁剪。</translation>
    </message>
    <message>
        <source>Ranks of one machine are forecast for the update rule allReduce, not for %1: see --workers for all rules.</source>
        <translation>同一台机器上的多个进程只能按更新规则 allReduce 预测，不能按 %1：所有规则见 --workers。</translation>
    </message>
    <message>
        <source>The ranks gave no forecast: %1</source>
        <translation>各进程没有给出预测：%1</translation>
    </message>
    <message>
        <source>Every worker sends the largest of its gradient to each of the others.</source>
        <translation>每个工作进程把自己梯度中最大的部分发送给其他每一个进程。</translation>
    </message>
    <message>
        <source>Only ranks that add up their gradients can send the largest of them alone: set training.distributed.update to &quot;allReduce&quot;, or training.distributed.compression to &quot;none&quot;.</source>
        <translation>只有把梯度相加的进程才能只发送其中最大的部分：请把 training.distributed.update 设为 &quot;allReduce&quot;，或把 training.distributed.compression 设为 &quot;none&quot;。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be a number greater than %2 and less than %3.</source>
        <translation>“%1”必须是大于 %2 且小于 %3 的数。</translation>
    </message>
</context>
<context>
    <name>Transformer</name>
    <message>
        <source>Blocks</source>
        <translation>块数</translation>
    </message>
    <message>
        <source>How many blocks stand one behind the other, each with its own weights.</source>
        <translation>前后相接的块的个数，每块有自己的权重。</translation>
    </message>
    <message>
        <source>Feed-forward</source>
        <translation>前馈层</translation>
    </message>
    <message>
        <source>Units of the hidden layer behind the attention; four times the features is usual.</source>
        <translation>注意力之后隐藏层的单元数；通常为特征数的四倍。</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>The function between the two layers of the feed-forward part.</source>
        <translation>前馈部分两层之间的函数。</translation>
    </message>
    <message>
        <source>Normalise first</source>
        <translation>先归一化</translation>
    </message>
    <message>
        <source>Normalises before each part instead of after it: trains more steadily when there are many blocks. Put a LayerNorm behind the last one then.</source>
        <translation>在每个部分之前而不是之后归一化：块数多时训练更稳定。此时请在最后一块之后放置层归一化。</translation>
    </message>
</context>
<context>
    <name>TransformerDecoder</name>
    <message>
        <source>Stacked blocks that look back at themselves and at another sequence.</source>
        <translation>堆叠的块，回看自身并关注另一个序列。</translation>
    </message>
    <message>
        <source>Each block is self-attention, attention to the sequence on the port memory (what an encoder made of the input) and a feed-forward part, each with a way around it and a LayerNorm. Padding of both sequences is left out.</source>
        <translation>每块由自注意力、对端口 memory 上序列（编码器处理输入的结果）的注意力和前馈部分组成，各带一条旁路和一次层归一化。两个序列的填充都不计入。</translation>
    </message>
</context>
<context>
    <name>TransformerEncoder</name>
    <message>
        <source>Stacked blocks in which every step looks at all others.</source>
        <translation>堆叠的块，其中每个时间步都关注其他所有时间步。</translation>
    </message>
    <message>
        <source>Each block is self-attention and a feed-forward part, both with a way around them and a LayerNorm: the network behind BERT. Put Embedding and PositionalEncoding before it and MeanOverTime and Dense behind it to classify texts. Padding is left out.</source>
        <translation>每块由自注意力和前馈部分组成，各带一条旁路和一次层归一化：即 BERT 所用的网络。分类文本时，在前面放词嵌入层和位置编码，在后面放时间平均和全连接层。填充不计入。</translation>
    </message>
</context>
<context>
    <name>Triplet</name>
    <message>
        <source>Triplet compares vectors, [N, features], but gets %1.</source>
        <translation>Triplet 比较向量 [N, features]，但收到的是 %1。</translation>
    </message>
    <message>
        <source>Asks that a vector lies nearer to one of its kind than to one of another kind.</source>
        <translation>要求一个向量离同类比离异类更近。</translation>
    </message>
    <message>
        <source>Trains embeddings, for faces or products say. Three branches that share their weights turn an anchor, a sample of the same kind and one of another kind into vectors; a triplet costs nothing once the other kind is farther away by the margin. Predictions give the anchor&apos;s vector.</source>
        <translation>训练嵌入向量，例如人脸或商品的。三个共享权重的分支把锚点、一个同类样本和一个异类样本变成向量；一旦异类远出一个间隔，该三元组就不再有损失。预测给出锚点的向量。</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>间隔</translation>
    </message>
    <message>
        <source>How much farther away the other kind must be.</source>
        <translation>异类必须远出多少。</translation>
    </message>
</context>
<context>
    <name>UpSample2D</name>
    <message>
        <source>Factor</source>
        <translation>倍数</translation>
    </message>
    <message>
        <source>Enlarges an image by repeating or mixing its pixels.</source>
        <translation>通过重复或混合像素来放大图像。</translation>
    </message>
    <message>
        <source>The counterpart of pooling in autoencoders and U-Nets: [N, C, 14, 14] becomes [N, C, 28, 28]. nearest repeats each pixel, bilinear mixes neighbours without steps. Put a Conv2D after it to sharpen. It has nothing to learn.</source>
        <translation>自编码器和 U-Net 中与池化相对的层：[N, C, 14, 14] 变成 [N, C, 28, 28]。最近邻重复每个像素，双线性平滑地混合相邻像素。在它后面放一个二维卷积层使图像清晰。它没有可学习的参数。</translation>
    </message>
    <message>
        <source>How many times the image grows, down and across.</source>
        <translation>图像向下和向右放大的倍数。</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>nearest repeats each pixel; bilinear mixes the four pixels around each new one.</source>
        <translation>最近邻重复每个像素；双线性混合每个新像素周围的四个像素。</translation>
    </message>
</context>
<context>
    <name>ZeroPadding2D</name>
    <message>
        <source>Puts a border of zeros around an image.</source>
        <translation>在图像四周加上零的边框。</translation>
    </message>
    <message>
        <source>For borders that differ from side to side, which the padding of Conv2D cannot make, or to bring branches to one size. It has nothing to learn.</source>
        <translation>用于各边不同的边框（二维卷积层的填充做不到），或把各分支变成同一尺寸。它没有可学习的参数。</translation>
    </message>
    <message>
        <source>Border</source>
        <translation>边框</translation>
    </message>
    <message>
        <source>Pixels added above, below, left and right.</source>
        <translation>上、下、左、右增加的像素数。</translation>
    </message>
</context>
<context>
    <name>cli</name>
    <message>
        <source>No process could be started in the background: %1.</source>
        <translation>无法在后台启动进程：%1。</translation>
    </message>
    <message>
        <source>The input %1 has type %2, which bench cannot generate.</source>
        <translation>输入 %1 的类型是 %2，bench 无法生成这种数据。</translation>
    </message>
    <message>
        <source>operation</source>
        <translation>运算</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>kernel</source>
        <translation>内核</translation>
    </message>
    <message>
        <source>µs</source>
        <translation>µs</translation>
    </message>
    <message>
        <source>all operations</source>
        <translation>所有运算</translation>
    </message>
    <message>
        <source>samples per second  %1</source>
        <translation>每秒样本数  %1</translation>
    </message>
    <message>
        <source>step                %1 ms (10 %: %2, 90 %: %3, %4 steps)</source>
        <translation>每步        %1 ms（10 %：%2，90 %：%3，共 %4 步）</translation>
    </message>
    <message>
        <source>peak memory         %1 MB</source>
        <translation>内存峰值    %1 MB</translation>
    </message>
    <message>
        <source>arithmetic          %1 MFLOP a step, %2 % of the peak</source>
        <translation>运算量      每步 %1 MFLOP，为峰值的 %2 %</translation>
    </message>
    <message>
        <source>Measures training or inference steps on generated data.</source>
        <translation>用生成的数据测量训练步或推理步的耗时。</translation>
    </message>
    <message>
        <source>Samples in a batch; the project&apos;s is the default.</source>
        <translation>批大小；默认为项目的设置。</translation>
    </message>
    <message>
        <source>What to measure; train is the default.</source>
        <translation>测量的内容；默认为 train。</translation>
    </message>
    <message>
        <source>Steps to time; as many as fit into two seconds without it.</source>
        <translation>计时的步数；不给出时取两秒内能完成的步数。</translation>
    </message>
    <message>
        <source>Also shows the time of every operation.</source>
        <translation>同时显示每个运算的耗时。</translation>
    </message>
    <message>
        <source>Prints one JSON document.</source>
        <translation>输出一个 JSON 文档。</translation>
    </message>
    <message>
        <source>%1 can be trained.</source>
        <translation>%1 可以训练。</translation>
    </message>
    <message>
        <source>%1 takes nothing more.</source>
        <translation>%1 之后不需要其他参数。</translation>
    </message>
    <message>
        <source>set takes KEY=VALUE, such as training.optimizer.learningRate=0.0005.</source>
        <translation>set 需要 KEY=VALUE，例如 training.optimizer.learningRate=0.0005。</translation>
    </message>
    <message>
        <source>The command is one of %1, not &quot;%2&quot;.</source>
        <translation>命令是 %1 之一，而不是“%2”。</translation>
    </message>
    <message>
        <source>No process works on the run %1, so nobody would answer. weft train --resume --run-dir %1 goes on with it.</source>
        <translation>没有进程在处理运行 %1，因此不会有回应。weft train --resume --run-dir %1 可继续它。</translation>
    </message>
    <message>
        <source>%1: accepted</source>
        <translation>%1：已接受</translation>
    </message>
    <message>
        <source>Lists the data sets at hand, describes one, shows some of its samples.</source>
        <translation>列出可用的数据集，描述其中一个，或显示它的一些样本。</translation>
    </message>
    <message>
        <source>Where preview writes the sheet of pictures; -o for short.</source>
        <translation>preview 写出样本图的位置；可简写为 -o。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no part of the data. There are train, validation and test.</source>
        <translation>数据没有“%1”部分。可用的有 train、validation 和 test。</translation>
    </message>
    <message>
        <source>--device takes auto, cpu, cuda or cuda:N, not &quot;%1&quot;.</source>
        <translation>--device 可为 auto、cpu、cuda 或 cuda:N，而不是“%1”。</translation>
    </message>
    <message>
        <source>Where to compute; auto takes a CUDA card if there is one.</source>
        <translation>计算设备；auto 在有 CUDA 显卡时使用它。</translation>
    </message>
    <message>
        <source>This machine has no device %1. weft devices lists what it has.</source>
        <translation>本机没有设备 %1。weft devices 会列出可用的设备。</translation>
    </message>
    <message>
        <source>%1 GiB of memory</source>
        <translation>%1 GiB 内存</translation>
    </message>
    <message numerus="yes">
        <source>%n core(s)</source>
        <translation>
            <numerusform>%n 核</numerusform>
        </translation>
    </message>
    <message>
        <source>Lists the devices of this machine, or why there is none.</source>
        <translation>列出本机的设备，或说明没有设备的原因。</translation>
    </message>
    <message>
        <source>samples   %1</source>
        <translation>样本数  %1</translation>
    </message>
    <message>
        <source>loss      %1</source>
        <translation>损失    %1</translation>
    </message>
    <message>
        <source>accuracy  %1</source>
        <translation>准确率  %1</translation>
    </message>
    <message>
        <source>The part of the data; test is the default.</source>
        <translation>数据的哪一部分；默认为 test。</translation>
    </message>
    <message>
        <source>The exported file %1 differs from the network by %2 on %3 samples, more than %4. Do not use it, and report this.</source>
        <translation>导出的文件 %1 在 %3 个样本上与网络相差 %2，超过 %4。请不要使用它，并报告此问题。</translation>
    </message>
    <message>
        <source>export needs --format, such as --format onnx.</source>
        <translation>export 需要 --format，例如 --format onnx。</translation>
    </message>
    <message>
        <source>export needs -o FILE, the file to write.</source>
        <translation>export 需要 -o FILE，即要写入的文件。</translation>
    </message>
    <message>
        <source>Wrote %1.</source>
        <translation>已写入 %1。</translation>
    </message>
    <message>
        <source>Read back and compared on %1 samples: the largest difference is %2.</source>
        <translation>已读回并在 %1 个样本上比较：最大差异为 %2。</translation>
    </message>
    <message>
        <source>Writes a trained network in a format that other programs read.</source>
        <translation>把已训练的网络写成其他程序可读的格式。</translation>
    </message>
    <message>
        <source>The format: onnx.</source>
        <translation>格式：onnx。</translation>
    </message>
    <message>
        <source>The file to write.</source>
        <translation>要写入的文件。</translation>
    </message>
    <message>
        <source>Checks the file, reads it back and compares it with the network.</source>
        <translation>检查文件，读回并与网络比较。</translation>
    </message>
    <message>
        <source>Prints one JSON document: file, format, bytes, verified.</source>
        <translation>输出一个 JSON 文档：file、format、bytes、verified。</translation>
    </message>
    <message>
        <source>%1 is not the folder of a run: it has no events.jsonl.</source>
        <translation>%1 不是运行文件夹：其中没有 events.jsonl。</translation>
    </message>
    <message>
        <source>Prints the events of a run, one JSON object a line, until it ends.</source>
        <translation>输出运行的事件，每行一个 JSON 对象，直到运行结束。</translation>
    </message>
    <message>
        <source>The first event to print, by its seq.</source>
        <translation>输出的第一个事件，以其 seq 指定。</translation>
    </message>
    <message>
        <source>weft designs, trains and exports neural networks.</source>
        <translation>weft 用于设计、训练和导出神经网络。</translation>
    </message>
    <message>
        <source>Usage:</source>
        <translation>用法：</translation>
    </message>
    <message>
        <source>weft COMMAND --help explains one command.</source>
        <translation>weft COMMAND --help 说明单个命令。</translation>
    </message>
    <message>
        <source>weft: unknown command &quot;%1&quot;.</source>
        <translation>weft：未知命令“%1”。</translation>
    </message>
    <message>
        <source>Did you mean %1?</source>
        <translation>是指 %1 吗？</translation>
    </message>
    <message>
        <source>weft --help lists them.</source>
        <translation>weft --help 会列出所有命令。</translation>
    </message>
    <message>
        <source>weft %1 --help explains it.</source>
        <translation>用法见 weft %1 --help。</translation>
    </message>
    <message>
        <source>%1 is there already and is not overwritten. Name another file with -o.</source>
        <translation>%1 已存在，不会被覆盖。请用 -o 指定另一个文件。</translation>
    </message>
    <message>
        <source>Wrote %1. Train it with: weft train %1</source>
        <translation>已写入 %1。训练命令：weft train %1</translation>
    </message>
    <message>
        <source>Where to write it (default: TEMPLATE.weft).</source>
        <translation>写入的位置（默认：TEMPLATE.weft）。</translation>
    </message>
    <message>
        <source>error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>hint</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Prints one JSON document: a list of input, label, probabilities.</source>
        <translation>输出一个 JSON 文档：由 input、label、probabilities 组成的列表。</translation>
    </message>
    <message>
        <source>Which checkpoint of the run to use; best is the default.</source>
        <translation>使用运行的哪个检查点；默认为 best。</translation>
    </message>
    <message>
        <source>There is no run %1. weft runs list shows the runs there are; a folder elsewhere is named by its path.</source>
        <translation>没有运行 %1。weft runs list 会列出已有的运行；其他位置的文件夹以路径指定。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; may be any of %2 runs, such as %3 and %4.</source>
        <translation>“%1”可能是 %2 个运行中的任何一个，例如 %3 和 %4。</translation>
    </message>
    <message>
        <source>%1 is not the folder of a run: it has no project.weft.</source>
        <translation>%1 不是运行文件夹：其中没有 project.weft。</translation>
    </message>
    <message>
        <source>The network of %1 has no output to predict.</source>
        <translation>%1 的网络没有可预测的输出。</translation>
    </message>
    <message>
        <source>The network has %1 inputs: one picture or one list of numbers is not enough for it.</source>
        <translation>该网络有 %1 个输入：只给一张图像或一组数不够。</translation>
    </message>
    <message>
        <source>The run %1 is going on. weft control %1 stop ends it.</source>
        <translation>运行 %1 正在进行。weft control %1 stop 可结束它。</translation>
    </message>
    <message>
        <source>Lists the runs, shows, compares or deletes them.</source>
        <translation>列出、显示、比较或删除运行。</translation>
    </message>
    <message>
        <source>--set takes KEY=VALUE, such as training.shuffle=false, not &quot;%1&quot;.</source>
        <translation>--set 需要 KEY=VALUE，例如 training.shuffle=false，而不是“%1”。</translation>
    </message>
    <message>
        <source>The project differs from the one the run began with (in: %1). Only --epochs and --device may change on --resume. Leave the project out to go on with the run&apos;s own, or start a new run.</source>
        <translation>项目与运行开始时的不同（不同之处：%1）。使用 --resume 时只能更改 --epochs 和 --device。省略项目即可用运行自己的项目继续，或开始新的运行。</translation>
    </message>
    <message>
        <source>--resume needs --run-dir DIR, the folder of the run to go on with.</source>
        <translation>--resume 需要 --run-dir DIR，即要继续的运行的文件夹。</translation>
    </message>
    <message>
        <source>Missing: PROJECT.</source>
        <translation>缺少：PROJECT。</translation>
    </message>
    <message>
        <source>The run is not listed by weft runs: %1</source>
        <translation>weft runs 不会列出此运行：%1</translation>
    </message>
    <message>
        <source>--weights starts a run and --resume goes on with one: give one of them.</source>
        <translation>--weights 用于开始新的运行，--resume 用于继续运行：请只给出其中一个。</translation>
    </message>
    <message>
        <source>Trains the network of a project and writes a run folder.</source>
        <translation>训练项目的网络并写出运行文件夹。</translation>
    </message>
    <message>
        <source>Passes over the training data, instead of the project&apos;s.</source>
        <translation>遍历训练数据的轮数，代替项目的设置。</translation>
    </message>
    <message>
        <source>Samples a step, instead of the project&apos;s.</source>
        <translation>每步的样本数，代替项目的设置。</translation>
    </message>
    <message>
        <source>Start of all randomness, instead of the project&apos;s.</source>
        <translation>所有随机数的种子，代替项目的设置。</translation>
    </message>
    <message>
        <source>The run folder; a new one in the user&apos;s data folder is the default.</source>
        <translation>运行文件夹；默认在用户的数据文件夹中新建。</translation>
    </message>
    <message>
        <source>Changes a setting of the project for this run; may be repeated.</source>
        <translation>为此次运行更改项目的一项设置；可重复使用。</translation>
    </message>
    <message>
        <source>Starts from the param/… and state/… arrays of a safetensors file.</source>
        <translation>从 safetensors 文件的 param/… 和 state/… 数组开始。</translation>
    </message>
    <message>
        <source>What to print: progress (the default) or every event as JSON.</source>
        <translation>输出的内容：progress（进度，默认）或以 JSON 输出每个事件。</translation>
    </message>
    <message>
        <source>Trains in the background and prints the run folder.</source>
        <translation>在后台训练并输出运行文件夹。</translation>
    </message>
    <message>
        <source>The request was cancelled.</source>
        <translation>请求已取消。</translation>
    </message>
    <message>
        <source>Another worker listens on %1.</source>
        <translation>另一个工作进程正在监听 %1。</translation>
    </message>
    <message>
        <source>The request is longer than 128 MB.</source>
        <translation>请求超过 128 MB。</translation>
    </message>
    <message>
        <source>The request is not valid JSON: %1.</source>
        <translation>请求不是有效的 JSON：%1。</translation>
    </message>
    <message>
        <source>The worker could not do this: %1.</source>
        <translation>工作进程无法完成此请求：%1。</translation>
    </message>
    <message>
        <source>The request lacks a valid &quot;%1&quot;.</source>
        <translation>请求缺少有效的“%1”。</translation>
    </message>
    <message>
        <source>There is no sample %1:%2; the data have %3 there, counted from 0.</source>
        <translation>没有样本 %1:%2；该部分有 %3 个样本，从 0 数起。</translation>
    </message>
    <message>
        <source>At most %1 samples can be asked for at once.</source>
        <translation>一次最多可请求 %1 个样本。</translation>
    </message>
    <message>
        <source>The picture cannot be read: %1.</source>
        <translation>无法读取图像：%1。</translation>
    </message>
    <message>
        <source>The worker knows no method &quot;%1&quot;.</source>
        <translation>工作进程没有方法“%1”。</translation>
    </message>
    <message>
        <source>worker needs --socket NAME, the socket to listen on.</source>
        <translation>worker 需要 --socket NAME，即要监听的套接字。</translation>
    </message>
    <message>
        <source>Computes for the Studio: samples of data, evaluations, predictions. Started by it.</source>
        <translation>为 Studio 计算：数据样本、评估、预测。由 Studio 启动。</translation>
    </message>
    <message>
        <source>The local socket to listen on, a path in the user&apos;s runtime folder.</source>
        <translation>要监听的本地套接字，即用户运行时文件夹中的路径。</translation>
    </message>
    <message>
        <source>Ends after so long without a client; 60 is the default.</source>
        <translation>没有客户端时经过多少秒后结束；默认为 60。</translation>
    </message>
    <message>
        <source>Says what is wrong with a project and how to mend it.</source>
        <translation>指出项目中的问题以及如何修复。</translation>
    </message>
    <message>
        <source>Lists the layers with their parameters and defaults.</source>
        <translation>列出各层及其参数和默认值。</translation>
    </message>
    <message>
        <source>The picture %1 cannot be read: %2. Mend it or name another.</source>
        <translation>无法读取图像 %1：%2。请修复它或指定另一张。</translation>
    </message>
    <message>
        <source>Shows each layer&apos;s output shape, parameters and cost.</source>
        <translation>显示每层的输出形状、参数量和计算量。</translation>
    </message>
    <message>
        <source>The folder %1 holds no run that has begun, so there is nothing to go on with. Name the project to begin with: weft train PROJECT --resume --run-dir %1</source>
        <translation>文件夹 %1 中没有已开始的运行，因此没有可继续的内容。请指定要开始的项目：weft train PROJECT --resume --run-dir %1</translation>
    </message>
    <message>
        <source>%1 has no errors.</source>
        <translation>%1 没有错误。</translation>
    </message>
    <message>
        <source>The socket %1 cannot be made. Give a path of at most 100 characters in a folder that you may write to.</source>
        <translation>无法创建套接字 %1。请给出可写文件夹中不超过 100 个字符的路径。</translation>
    </message>
    <message>
        <source>Did you mean --%1?</source>
        <translation>是指 --%1 吗？</translation>
    </message>
    <message>
        <source>Unknown option --%1.</source>
        <translation>未知选项 --%1。</translation>
    </message>
    <message>
        <source>--%1 takes one of %2, not &quot;%3&quot;.</source>
        <translation>--%1 可为 %2 之一，而不是“%3”。</translation>
    </message>
    <message>
        <source>--%1 takes no value.</source>
        <translation>--%1 不带值。</translation>
    </message>
    <message>
        <source>--%1 needs a value: %2.</source>
        <translation>--%1 需要一个值：%2。</translation>
    </message>
    <message>
        <source>Missing: %1.</source>
        <translation>缺少：%1。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is one argument too many.</source>
        <translation>多了一个参数“%1”。</translation>
    </message>
    <message>
        <source>--%1 takes an integer of at least %2, not &quot;%3&quot;.</source>
        <translation>--%1 需要不小于 %2 的整数，而不是“%3”。</translation>
    </message>
    <message>
        <source>--%1 takes an integer from %2 to %3, not &quot;%4&quot;.</source>
        <translation>--%1 需要 %2 至 %3 的整数，而不是“%4”。</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>可用</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>  and %1 more</source>
        <translation>  以及另外 %1 个</translation>
    </message>
    <message>
        <source>samples  train %1, validation %2, test %3</source>
        <translation>样本  训练 %1，验证 %2，测试 %3</translation>
    </message>
    <message>
        <source>train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>source  %1</source>
        <translation>来源  %1</translation>
    </message>
    <message>
        <source>fingerprint  %1</source>
        <translation>指纹  %1</translation>
    </message>
    <message>
        <source>warning: %1</source>
        <translation>警告：%1</translation>
    </message>
    <message>
        <source>data preview needs -o FILE.png, the picture to write.</source>
        <translation>data preview 需要 -o FILE.png，即要写入的图像。</translation>
    </message>
    <message>
        <source>data preview writes a PNG picture: give -o a name that ends in .png.</source>
        <translation>data preview 写出 PNG 图像：请给 -o 一个以 .png 结尾的名称。</translation>
    </message>
    <message>
        <source>data list takes nothing more. weft data info %1 describes one.</source>
        <translation>data list 之后不需要其他参数。weft data info %1 描述单个数据集。</translation>
    </message>
    <message>
        <source>data takes list, info or preview, not &quot;%1&quot;.</source>
        <translation>data 可为 list、info 或 preview，而不是“%1”。</translation>
    </message>
    <message>
        <source>Missing: a project, a folder, a table or a data set to look at.</source>
        <translation>缺少：要查看的项目、文件夹、表格或数据集。</translation>
    </message>
    <message>
        <source>accuracy %1</source>
        <translation>准确率 %1</translation>
    </message>
    <message>
        <source>loss %1</source>
        <translation>损失 %1</translation>
    </message>
    <message>
        <source>No runs yet. weft train PROJECT makes one.</source>
        <translation>尚无运行。weft train PROJECT 会创建一个。</translation>
    </message>
    <message>
        <source>run       %1</source>
        <translation>运行  %1</translation>
    </message>
    <message>
        <source>project   %1</source>
        <translation>项目  %1</translation>
    </message>
    <message>
        <source>begun     %1</source>
        <translation>开始  %1</translation>
    </message>
    <message>
        <source>state     %1</source>
        <translation>状态  %1</translation>
    </message>
    <message>
        <source>message   %1</source>
        <translation>消息  %1</translation>
    </message>
    <message>
        <source>epoch     %1 of %2, step %3, %4</source>
        <translation>进度  第 %1 / %2 轮，第 %3 步，%4</translation>
    </message>
    <message>
        <source>epoch  training loss / accuracy   validation loss / accuracy</source>
        <translation>轮     训练损失 / 准确率          验证损失 / 准确率</translation>
    </message>
    <message>
        <source>run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>state</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>batch</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>time</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>The run was removed; its folder holds other files and stays: %1</source>
        <translation>运行已删除；其文件夹中有其他文件，因此保留：%1</translation>
    </message>
    <message>
        <source>It is used so: %1.</source>
        <translation>用法：%1。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is none of list, show, compare and delete.</source>
        <translation>“%1”不是 list、show、compare 或 delete。</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>节点</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Multiply-adds</source>
        <translation>乘加次数</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>Memory for training: about %1 MB beside the data.</source>
        <translation>训练所需内存：除数据外约 %1 MB。</translation>
    </message>
    <message>
        <source>run %1</source>
        <translation>运行 %1</translation>
    </message>
    <message>
        <source>%1 samples, %2 steps an epoch, %3 parameters, on %4</source>
        <translation>%1 个样本，每轮 %2 步，%3 个参数，在 %4 上</translation>
    </message>
    <message>
        <source>paused at step %1</source>
        <translation>在第 %1 步暂停</translation>
    </message>
    <message>
        <source>going on from step %1</source>
        <translation>从第 %1 步继续</translation>
    </message>
    <message>
        <source>stopped at step %1; weft train --resume --run-dir %2 goes on</source>
        <translation>在第 %1 步停止；weft train --resume --run-dir %2 可继续</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>epoch %1/%2</source>
        <translation>第 %1/%2 轮</translation>
    </message>
    <message>
        <source>%1 samples/s</source>
        <translation>%1 样本/秒</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>validation: %1</source>
        <translation>验证：%1</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>top %1     %2</source>
        <translation>前 %1      %2</translation>
    </message>
    <message>
        <source>F1 (mean over the classes)  %1</source>
        <translation>F1（各类平均）  %1</translation>
    </message>
    <message>
        <source>  %1  precision %2  recall %3  F1 %4  samples %5</source>
        <translation>  %1  精确率 %2  召回率 %3  F1 %4  样本 %5</translation>
    </message>
    <message>
        <source>mean absolute error  %1</source>
        <translation>平均绝对误差  %1</translation>
    </message>
    <message>
        <source>R²                   %1</source>
        <translation>R²            %1</translation>
    </message>
    <message>
        <source>Measures loss, accuracy and errors of a trained network on a part of the data.</source>
        <translation>在数据的一部分上测量训练好的网络的损失、准确率与误差。</translation>
    </message>
    <message>
        <source>Counts a sample as found when its class is among the K most probable; 5 is the default.</source>
        <translation>样本的类别在最可能的 K 个之中即算找到；默认为 5。</translation>
    </message>
    <message>
        <source>Prints one JSON document: accuracy, loss, samples, and what is measured for each class.</source>
        <translation>输出一个 JSON 文档：accuracy、loss、samples 以及每个类别的测量值。</translation>
    </message>
    <message>
        <source>Also: a folder with one folder of pictures or one file of texts for each class, IDX files, or a CSV table.</source>
        <translation>也可以是：每个类别一个图像文件夹或一个文本文件的文件夹、IDX 文件或 CSV 表格。</translation>
    </message>
    <message>
        <source>The texts that preview shows; train is the default.</source>
        <translation>preview 显示哪部分文本；默认为 train。</translation>
    </message>
    <message>
        <source>How many texts preview shows; 10 is the default.</source>
        <translation>preview 显示多少条文本；默认为 10。</translation>
    </message>
    <message>
        <source>AUC %1, IoU %2 (means over the classes)</source>
        <translation>AUC %1，IoU %2（各类别的平均值）</translation>
    </message>
    <message>
        <source>Says what a trained network makes of pictures, tables, sentences or samples such as test:17.</source>
        <translation>给出训练好的网络对图像、表格、句子或 test:17 之类样本的判断。</translation>
    </message>
    <message>
        <source>The network was not trained on texts, so it cannot answer to one.</source>
        <translation>该网络不是用文本训练的，因此无法对文本作答。</translation>
    </message>
    <message>
        <source>The run computes in %1; its precision cannot change on --resume.</source>
        <translation>该运行以 %1 计算；用 --resume 继续时不能改变精度。</translation>
    </message>
    <message>
        <source>This device does not multiply bfloat16 (processors need AVX512_BF16), so --precision bf16 would only be slower. Use --precision fp32.</source>
        <translation>此设备不支持 bfloat16 乘法（处理器需要 AVX512_BF16），因此 --precision bf16 只会更慢。请使用 --precision fp32。</translation>
    </message>
    <message>
        <source>Writes a project from a template.</source>
        <translation>从模板写出项目。</translation>
    </message>
    <message>
        <source>Lists the templates.</source>
        <translation>列出所有模板。</translation>
    </message>
    <message>
        <source>There is no file %1. Name one that is there, or give a sentence.</source>
        <translation>没有文件 %1。请指定存在的文件，或给出一句话。</translation>
    </message>
    <message>
        <source>The run has lost its vocabulary, %1, by which texts become numbers. Restore it from a copy.</source>
        <translation>该运行丢失了把文本变成数字的词表 %1。请从副本恢复。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is neither a file nor a sample such as test:17.</source>
        <translation>“%1”既不是文件，也不是 test:17 这样的样本。</translation>
    </message>
    <message>
        <source>Whether training keeps values or computes them again; the project&apos;s is the default.</source>
        <translation>训练时保留中间值还是重新计算；默认按项目的设置。</translation>
    </message>
    <message>
        <source>Leaves out kernels with this word in their name, such as winograd; --profile names them.</source>
        <translation>不使用名称中含有此词的内核，例如 winograd；--profile 会列出名称。</translation>
    </message>
    <message>
        <source>This processor has no AVX2, which Weft computes with: use a computer with an Intel processor since 2013 (Haswell) or an AMD processor since 2015 (Excavator).</source>
        <translation>此处理器没有 Weft 计算所需的 AVX2：请使用 2013 年（Haswell）以后的 Intel 处理器或 2015 年（Excavator）以后的 AMD 处理器。</translation>
    </message>
    <message>
        <source>lean computes values again for the backward pass instead of keeping them: less memory, more time, the same losses.</source>
        <translation>lean 在反向传播时重新计算中间值而不保留：内存更少，时间更长，损失不变。</translation>
    </message>
    <message>
        <source>The data have no samples.</source>
        <translation>数据中没有样本。</translation>
    </message>
    <message>
        <source>The network has changed since the run began (%1), so it is shown untrained.</source>
        <translation>训练开始后网络已改动（%1），因此显示未训练的值。</translation>
    </message>
    <message>
        <source>The network has no output %1.</source>
        <translation>网络没有输出 %1。</translation>
    </message>
    <message>
        <source>of yes    precision %1  recall %2  F1 %3  IoU %4</source>
        <translation>“是”的    精确率 %1  召回率 %2  F1 %3  IoU %4</translation>
    </message>
    <message>
        <source>Its data differ from those of rank 0. Bring the same data to every host.</source>
        <translation>其数据与进程 0 的不同。请在每台主机上放置相同的数据。</translation>
    </message>
    <message>
        <source>weft train: rank %1 on %2: %3</source>
        <translation>weft train：%2 上的进程 %1：%3</translation>
    </message>
    <message>
        <source>The ranks are started again (%1 of %2).</source>
        <translation>重新启动各进程（第 %1 次，共 %2 次）。</translation>
    </message>
    <message>
        <source>The run lost one of its ranks: %1.</source>
        <translation>运行失去了一个进程：%1。</translation>
    </message>
    <message>
        <source>The ranks ended with the exit code %1.</source>
        <translation>各进程以退出码 %1 结束。</translation>
    </message>
    <message>
        <source>--precision auto measures on one process. With several ranks say fp32 or bf16.</source>
        <translation>--precision auto 只在单个进程上测量。使用多个进程时请指定 fp32 或 bf16。</translation>
    </message>
    <message>
        <source>As a rank under mpirun or srun: refuses to train unless there are N ranks.</source>
        <translation>作为 mpirun 或 srun 下的进程：若进程数不是 N 则拒绝训练。</translation>
    </message>
    <message>
        <source>Gives a rank up that shows no sign of life for so long; 300 is the default.</source>
        <translation>进程在这么长时间内没有响应时放弃它；默认为 300。</translation>
    </message>
    <message>
        <source>Goes on with the run in --run-dir; PROJECT may be left out. A run that SIGUSR1 has ended is saved and exits with 75.</source>
        <translation>继续 --run-dir 中的运行；可省略 PROJECT。被 SIGUSR1 结束的运行已保存，退出码为 75。</translation>
    </message>
    <message>
        <source>How gradients meet: all ranks add them up (the default); rank 0 as a server waits for a whole batch; it lets no worker get far ahead; it takes each gradient as it comes.</source>
        <translation>梯度如何汇合：所有进程相加（默认）；进程 0 作为服务器等待整个批次；不让任何工作进程超前太多；来一个梯度就用一个。</translation>
    </message>
    <message>
        <source>Who has training.batchSize samples a step: all ranks together (the default), which gives the losses of one process, or each of them.</source>
        <translation>谁在每步拥有 training.batchSize 个样本：所有进程合计（默认，损失与单个进程相同），或每个进程各自拥有。</translation>
    </message>
    <message>
        <source>With a batch for each rank: the learning rate grows with the number of ranks (the default), or stays.</source>
        <translation>每个进程各有一批时：学习率随进程数增大（默认），或保持不变。</translation>
    </message>
    <message>
        <source>Epochs in which the learning rate grows from that of one rank to the scaled one; 5 is the default.</source>
        <translation>学习率从单个进程的值升到放大后的值所用的轮数；默认为 5。</translation>
    </message>
    <message>
        <source>Takes the statistics of BatchNorm over the samples of all ranks.</source>
        <translation>BatchNorm 的统计量取自所有进程的样本。</translation>
    </message>
    <message>
        <source>staleSynchronous: batches that a worker may be ahead of the slowest; 3 is the default.</source>
        <translation>staleSynchronous：一个工作进程最多可比最慢者超前的批次数；默认为 3。</translation>
    </message>
    <message>
        <source>parameterServer: workers that take over the part of a slow one; 0 is the default.</source>
        <translation>parameterServer：接替慢者那一部分的工作进程数；默认为 0。</translation>
    </message>
    <message>
        <source>A gradient of weights that have changed k times since counts 1 / k.</source>
        <translation>如果权重此后已改变 k 次，其梯度按 1 / k 计。</translation>
    </message>
    <message>
        <source>Megabytes of gradients that are sent together, beside the backward pass; 4 is the default.</source>
        <translation>与反向传播同时、合在一起发送的梯度的兆字节数；默认为 4。</translation>
    </message>
    <message>
        <source>--replicas divides one process, --ranks starts several: give one of them.</source>
        <translation>--replicas 划分一个进程，--ranks 启动多个进程：请只给其中一个。</translation>
    </message>
    <message>
        <source>This process is one of the ranks that mpirun or srun started: leave --ranks, --replicas and --detach out.</source>
        <translation>此进程是 mpirun 或 srun 启动的进程之一：请去掉 --ranks、--replicas 和 --detach。</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Step (ms)</source>
        <translation>每步（毫秒）</translation>
    </message>
    <message>
        <source>Samples/s</source>
        <translation>样本/秒</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Largest batch</source>
        <translation>最大批次</translation>
    </message>
    <message>
        <source>An epoch is %1 steps of %2 samples and a validation of %3 samples.</source>
        <translation>一轮是 %1 步（每步 %2 个样本）和 %3 个样本的验证。</translation>
    </message>
    <message>
        <source>Says before training how long an epoch takes, how much memory it needs and which batch fits, from two seconds of it.</source>
        <translation>训练之前先说明一轮要多久、需要多少内存、多大的批次放得下：只需测量两秒。</translation>
    </message>
    <message>
        <source>The device to ask; all of this machine without it.</source>
        <translation>要预测的设备；不给出则为本机的全部设备。</translation>
    </message>
    <message>
        <source>No device could time a step. Say how long it takes with --step.</source>
        <translation>没有设备能测量一步的用时。请用 --step 给出。</translation>
    </message>
    <message>
        <source>--step takes a time such as 280ms or 1.5s, not &quot;%1&quot;.</source>
        <translation>--step 需要一个时间，例如 280ms 或 1.5s，而不是“%1”。</translation>
    </message>
    <message>
        <source>Assumed:</source>
        <translation>假设：</translation>
    </message>
    <message>
        <source>Check: what TensorFlow published in 2017 for K80 cards over 10 Gbit/s, and what this forecast says:</source>
        <translation>检验：TensorFlow 2017 年公布的 K80 显卡经 10 Gbit/s 的结果，以及本预测的结果：</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>工作进程</translation>
    </message>
    <message>
        <source>Published</source>
        <translation>公布值</translation>
    </message>
    <message>
        <source>Forecast</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Also says how throughput grows with the number of workers.</source>
        <translation>同时说明吞吐量如何随工作进程数增长。</translation>
    </message>
    <message>
        <source>With --workers: so many share a host&apos;s link; 1 is the default.</source>
        <translation>与 --workers 合用：共用一台主机链路的数量；默认为 1。</translation>
    </message>
    <message>
        <source>With --workers: only this update rule; all without it.</source>
        <translation>与 --workers 合用：只用这一更新规则；不给出则为全部。</translation>
    </message>
    <message>
        <source>With --workers: the time of a step of one worker, in place of a measurement.</source>
        <translation>与 --workers 合用：一个工作进程一步的用时，代替测量。</translation>
    </message>
    <message>
        <source>--workers needs --link, the speed of the link between hosts, such as 25Gbit.</source>
        <translation>--workers 需要 --link，即主机之间链路的速度，例如 25Gbit。</translation>
    </message>
    <message>
        <source>Samples a second, and the share of ideal growth, for steps of %1 ms and %2 MB of parameters:</source>
        <translation>每秒样本数及理想增长的比例，按每步 %1 毫秒、参数 %2 MB 计：</translation>
    </message>
    <message>
        <source>A field is given as KEY=VALUE, not &quot;%1&quot;.</source>
        <translation>字段须以 KEY=VALUE 的形式给出，而不是“%1”。</translation>
    </message>
    <message>
        <source>There is a target %1 already. weft target set %1 KEY=VALUE changes it.</source>
        <translation>已有目标 %1。weft target set %1 KEY=VALUE 可更改它。</translation>
    </message>
    <message>
        <source>Added. weft target test %1 says whether anything is missing.</source>
        <translation>已添加。weft target test %1 会说明是否缺少什么。</translation>
    </message>
    <message>
        <source>(needed)</source>
        <translation>（必需）</translation>
    </message>
    <message>
        <source>This machine needs no preparation.</source>
        <translation>本机无需准备。</translation>
    </message>
    <message>
        <source>fine</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>The target %1 is no Kubernetes cluster: only those know Roles.</source>
        <translation>目标 %1 不是 Kubernetes 集群：只有集群才有 Role。</translation>
    </message>
    <message>
        <source>Names places to train: this machine, hosts over SSH, Slurm, Kubernetes.</source>
        <translation>命名训练地点：本机、通过 SSH 的主机、Slurm、Kubernetes。</translation>
    </message>
    <message>
        <source>--%1 does not go with --target: the target says how the ranks are started.</source>
        <translation>--%1 不能与 --target 同时使用：由目标决定如何启动进程。</translation>
    </message>
    <message>
        <source>The project reads the files %1, which pods do not see. Put them on a volume, and set dataClaim= and dataPath= of the target %2.</source>
        <translation>项目读取的文件 %1 对 Pod 不可见。请将其放到卷上，并设置目标 %2 的 dataClaim= 和 dataPath=。</translation>
    </message>
    <message>
        <source>The job waits.</source>
        <translation>作业正在等待。</translation>
    </message>
    <message>
        <source>The job is being started.</source>
        <translation>作业正在启动。</translation>
    </message>
    <message>
        <source>The job runs.</source>
        <translation>作业正在运行。</translation>
    </message>
    <message>
        <source>The job has ended.</source>
        <translation>作业已结束。</translation>
    </message>
    <message>
        <source>The job has failed.</source>
        <translation>作业已失败。</translation>
    </message>
    <message>
        <source>The target does not know the job.</source>
        <translation>目标不认识该作业。</translation>
    </message>
    <message>
        <source>The target %1 trains the run %2. weft follow %2 watches it; it can be gone on with here when it has ended.</source>
        <translation>目标 %1 正在训练运行 %2。weft follow %2 可观察它；结束后可在此处继续。</translation>
    </message>
    <message>
        <source>The job goes on. weft follow %1 watches it again.</source>
        <translation>作业将继续。weft follow %1 可再次观察它。</translation>
    </message>
    <message>
        <source>The folder %1 is not empty: name another for the run.</source>
        <translation>文件夹 %1 不为空：请为运行另选文件夹。</translation>
    </message>
    <message>
        <source>--continue needs PROJECT and --run-dir DIR.</source>
        <translation>--continue 需要 PROJECT 和 --run-dir DIR。</translation>
    </message>
    <message>
        <source>--dry-run needs --target NAME: it prints what would be submitted there.</source>
        <translation>--dry-run 需要 --target NAME：它会打印将提交到那里的内容。</translation>
    </message>
    <message>
        <source>With --ranks: the hosts to start them on, a line HOST slots=N each, or those that Slurm gave to the job.</source>
        <translation>与 --ranks 一起使用：启动进程的主机，每行为 HOST slots=N，或 Slurm 分配给作业的主机。</translation>
    </message>
    <message>
        <source>Trains on a target of weft target list: elsewhere, or here with its number of ranks.</source>
        <translation>在 weft target list 的某个目标上训练：在别处，或在本机以其进程数训练。</translation>
    </message>
    <message>
        <source>With --target: prints the YAML, script or command that would be submitted, and submits nothing.</source>
        <translation>与 --target 一起使用：打印将提交的 YAML、脚本或命令，但不提交。</translation>
    </message>
    <message>
        <source>With --ranks: stays for so long after the end, so that results can be fetched from where it ran.</source>
        <translation>与 --ranks 一起使用：结束后停留相应秒数，以便从运行处取回结果。</translation>
    </message>
    <message>
        <source>The run gave no answer within %1 seconds. It may have ended, or its machine may be very busy.</source>
        <translation>运行在 %1 秒内没有应答。它可能已结束，或其所在机器非常繁忙。</translation>
    </message>
    <message>
        <source>rank %1 of %2 on %3, process %4</source>
        <translation>进程 %1（共 %2 个），主机 %3，进程号 %4</translation>
    </message>
    <message>
        <source>The run lost the host %1: it is down, or the network to it is gone.</source>
        <translation>该次运行失去了主机 %1：它已关机，或到它的网络已断开。</translation>
    </message>
    <message>
        <source>%1 could not be read: %2.</source>
        <translation>无法读取 %1：%2。</translation>
    </message>
    <message>
        <source>The data here differ from those of the machine that submitted the run. Bring the same data here, set data=copy for the target, or train with --other-data where others are meant.</source>
        <translation>这里的数据与提交运行的机器上的数据不同。请把相同的数据放到这里，为目标设置 data=copy，或在确需使用其他数据时以 --other-data 训练。</translation>
    </message>
    <message>
        <source>With --target: the data there are meant to be others than those here.</source>
        <translation>与 --target 一起使用：那里的数据本来就与这里的不同。</translation>
    </message>
    <message>
        <source>Refuses to train with other data.</source>
        <translation>拒绝用其他数据训练。</translation>
    </message>
    <message>
        <source>With --target: the job&apos;s script, such as you have made of what --dry-run prints.</source>
        <translation>与 --target 一起使用：作业的脚本，例如由 --dry-run 的输出修改而成。</translation>
    </message>
    <message>
        <source>As a rank under mpirun: begins each line on the standard error with its number.</source>
        <translation>作为 mpirun 下的进程：标准错误输出的每一行以其编号开头。</translation>
    </message>
    <message>
        <source>In the folder of Weft&apos;s sources; docker, podman and buildah take the same words.</source>
        <translation>在 Weft 源代码的文件夹中执行；docker、podman 和 buildah 的写法相同。</translation>
    </message>
    <message>
        <source>Targets take this image where they name none; every node must have it. weft target image REGISTRY makes one to fetch.</source>
        <translation>未指定镜像的目标使用这个镜像；每个节点都必须已有它。weft target image REGISTRY 给出可以拉取的镜像。</translation>
    </message>
    <message>
        <source>For a target: %1</source>
        <translation>用于目标：%1</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is none of list, add, set, show, fields, test, remove, rbac and image.</source>
        <translation>“%1”不是 list、add、set、show、fields、test、remove、rbac 和 image 之一。</translation>
    </message>
    <message>
        <source>%1: an estimate, from steps of %2 of the %3 samples.</source>
        <translation>%1：估计值，由 %3 个样本中 %2 个的步推算。</translation>
    </message>
    <message>
        <source>No target trains the run %1. weft control %1 stop ends a run of this machine.</source>
        <translation>没有目标在训练运行 %1。weft control %1 stop 可结束本机的运行。</translation>
    </message>
    <message>
        <source>The job has ended. weft follow %1 fetches what there is of it and cleans up.</source>
        <translation>作业已结束。weft follow %1 会取回已有的结果并清理。</translation>
    </message>
    <message>
        <source>Steers a run that is going on and waits for its answer. set takes training.optimizer.learningRate and training.epochs; kill ends a job on a target at once, without saving.</source>
        <translation>控制正在进行的运行并等待其回答。set 接受 training.optimizer.learningRate 和 training.epochs；kill 不保存，立即结束目标上的作业。</translation>
    </message>
    <message>
        <source>The run %1 is still held by another process (%2). Waiting up to %3 seconds for its end.</source>
        <translation>运行 %1 仍被另一个进程（%2）占用。最多等待 %3 秒，直到它结束。</translation>
    </message>
    <message>
        <source>%1 is still held by another process (%2) after %3 seconds, so it could not be gone on with. End that process, or try again.</source>
        <translation>%3 秒后 %1 仍被另一个进程（%2）占用，因此无法继续。请结束那个进程，或再试一次。</translation>
    </message>
    <message>
        <source>Begins the run in --run-dir, or goes on with it where it has begun: for jobs that are started again. SIGTERM then saves, as SIGUSR1 does.</source>
        <translation>在 --run-dir 中开始运行，若已开始则继续：用于会被重新启动的作业。这时 SIGTERM 与 SIGUSR1 一样会保存。</translation>
    </message>
    <message>
        <source>With --continue: waits for so long for a process that still holds the run; 120 is the default. If it does not end, the exit code is 75.</source>
        <translation>与 --continue 一起使用：等待仍占用该运行的进程的时间，默认 120。若它不结束，退出码为 75。</translation>
    </message>
    <message>
        <source>Missing: %1</source>
        <translation>缺少：%1</translation>
    </message>
    <message>
        <source>There is no layer %1. weft layers lists them all.</source>
        <translation>没有层 %1。weft layers 列出所有层。</translation>
    </message>
    <message>
        <source>There is no layer %1. Did you mean %2?</source>
        <translation>没有层 %1。是否指 %2？</translation>
    </message>
    <message>
        <source>%1 is a project, but a run is asked for. weft runs list shows the runs; weft train %1 makes one.</source>
        <translation>%1 是项目，这里需要的是运行。weft runs list 列出运行；weft train %1 会产生一次运行。</translation>
    </message>
    <message>
        <source>Between %1 ranks: %2 Gbit/s each way, in both directions at once; %3 µs a message.</source>
        <translation>%1 个进程之间：每个方向 %2 Gbit/s，两个方向同时进行；一条消息 %3 µs。</translation>
    </message>
    <message>
        <source>A target has ranks and hosts of its own: leave --ranks and --hosts out.</source>
        <translation>目标有自己的进程和主机：请去掉 --ranks 和 --hosts。</translation>
    </message>
    <message>
        <source>Measures the link between ranks by sums like those of a training: of this machine, of a target&apos;s hosts, or of those that mpirun or srun started it on.</source>
        <translation>用与训练相同的求和测量进程之间的链路：本机的、目标各主机的，或由 mpirun 或 srun 启动的各进程之间的。</translation>
    </message>
    <message>
        <source>So many processes; 2 is the default.</source>
        <translation>进程数；默认为 2。</translation>
    </message>
    <message>
        <source>The hosts to start them on, a line HOST slots=N each.</source>
        <translation>启动它们的主机，每行一个 HOST slots=N。</translation>
    </message>
    <message>
        <source>One process on each host of a target of weft target list.</source>
        <translation>在 weft target list 中某个目标的每台主机上各一个进程。</translation>
    </message>
    <message>
        <source>The link could not be measured: %1</source>
        <translation>无法测量链路：%1</translation>
    </message>
    <message>
        <source>What each epoch shuffles: all samples (the default), so that a rank may read any of them, or those of each rank, which stay with it: then a host needs only its part of the data.</source>
        <translation>每轮打乱什么：所有样本（默认），这样进程可能读取其中任何一个；或各进程自己的样本，它们一直属于该进程：这样主机只需要它那部分数据。</translation>
    </message>
    <message>
        <source>--target goes with --link measured: it names the hosts between which the link is measured.</source>
        <translation>--target 与 --link measured 一起使用：它指明在哪些主机之间测量链路。</translation>
    </message>
    <message>
        <source>With --workers: the speed of a host&apos;s link to the others, or measured: what sums between two ranks of this machine find, or those between the hosts of --target.</source>
        <translation>与 --workers 一起：主机与其他主机之间链路的速度；或 measured：由本机两个进程之间、或 --target 各主机之间的求和测出。</translation>
    </message>
    <message>
        <source>With --link measured: the target whose hosts are asked.</source>
        <translation>与 --link measured 一起：测量其主机的目标。</translation>
    </message>
    <message>
        <source>Number format of products; fp32 is the default, fp16 is for CUDA cards.</source>
        <translation>乘积的数值格式；默认为 fp32，fp16 仅用于 CUDA 显卡。</translation>
    </message>
    <message>
        <source>driver %1</source>
        <translation>驱动 %1</translation>
    </message>
    <message>
        <source>Prints one JSON list: id, name, available, memory_bytes, driver, threads, reason.</source>
        <translation>输出一个 JSON 列表：id、name、available、memory_bytes、driver、threads、reason。</translation>
    </message>
    <message>
        <source>--tf32 on is for fp32, and %1 rounds more than it: give one of them.</source>
        <translation>--tf32 on 用于 fp32，而 %1 的舍入比它更大：请只给其中一个。</translation>
    </message>
    <message>
        <source>on lets the products of a CUDA card round fp32 operands to TF32, 10 bits behind the point: faster, less exact. off, the default, computes full fp32. Processors refuse it.</source>
        <translation>on 允许 CUDA 显卡在乘积中把 fp32 操作数舍入为 TF32（小数点后 10 位）：更快，但精度较低。默认的 off 以完整的 fp32 计算。处理器不接受 on。</translation>
    </message>
    <message>
        <source>--precision fp16 needs a CUDA card. Processors compute in fp32 or bf16.</source>
        <translation>--precision fp16 需要 CUDA 显卡。处理器以 fp32 或 bf16 计算。</translation>
    </message>
    <message>
        <source>--tf32 on needs a CUDA card: processors multiply fp32 in full. Leave it out.</source>
        <translation>--tf32 on 需要 CUDA 显卡：处理器以完整的 fp32 做乘法。请去掉它。</translation>
    </message>
    <message>
        <source>Number format of products and, on CUDA cards, of what lies between layers: fp32 is the default; bf16 rounds operands where processor or card multiplies it, fp16 on CUDA cards, where the loss is scaled against what gets too small; auto tries fp32 and bf16 first.</source>
        <translation>乘积的数值格式，在 CUDA 显卡上也是层间数据的格式：默认为 fp32；bf16 在处理器或显卡支持时舍入操作数，fp16 用于 CUDA 显卡，并缩放损失以防数值过小；auto 先试 fp32 和 bf16。</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1，精度 %2</translation>
    </message>
    <message>
        <source>%1 ranks cannot share %2: say --device cuda, and each takes a card of its own.</source>
        <translation>%1 个进程不能共用 %2：请用 --device cuda，每个进程会各用一块显卡。</translation>
    </message>
    <message>
        <source>%1 ranks on graphics cards need a card each, but this host has %2. Start fewer ranks, or choose --device cpu.</source>
        <translation>显卡上的 %1 个进程各需要一块显卡，但此主机有 %2 块。请减少进程，或选择 --device cpu。</translation>
    </message>
    <message>
        <source>Trains on N processes of this machine that share each batch and add up their gradients; with --device cuda each on a card of its own.</source>
        <translation>在此机器的 N 个进程上训练，它们分担每个批次并累加梯度；使用 --device cuda 时每个进程各用一块显卡。</translation>
    </message>
    <message>
        <source>Trains N replicas in this one process, each on its part of each batch and of the cores, or on a card of its own.</source>
        <translation>在这一个进程中训练 N 个副本，各自负责每个批次的一部分，并使用一部分核心或一块自己的显卡。</translation>
    </message>
    <message>
        <source>With --workers: how much of an all-reduce goes on beside the backward pass; without it 90 where a card was timed, else 0.</source>
        <translation>与 --workers 一起使用：全归约中有多少与反向传播同时进行；不给出时，测量的是显卡则为 90，否则为 0。</translation>
    </message>
    <message>
        <source>Ranks, from 0 on, that share the weights as parameter servers and compute no gradients; 1 is the default.</source>
        <translation>从 0 号起，作为参数服务器分担权重、不计算梯度的进程数；默认为 1。</translation>
    </message>
    <message>
        <source>staleSynchronous and asynchronous: corrects a stale gradient for what the weights have changed since, with this factor (λ of arXiv 1609.08326, such as 0.04); 0 (the default) does not.</source>
        <translation>staleSynchronous 和 asynchronous：按权重此后的变化以该系数（arXiv 1609.08326 中的 λ，如 0.04）修正陈旧梯度；0（默认）不修正。</translation>
    </message>
    <message>
        <source>The smallest Role for the target %1. For a user: %2</source>
        <translation>目标 %1 所需的最小 Role。授予某个用户：%2</translation>
    </message>
    <message>
        <source>on has cuDNN try its algorithms for each size of convolution once a card, and notes the fastest in the user&apos;s cache folder for later runs. off, the default, takes what cuDNN&apos;s rules choose.</source>
        <translation>on 让 cuDNN 在每张显卡上对每种卷积尺寸试一次各种算法，并把最快的记在用户的缓存文件夹中供以后的运行使用。默认的 off 采用 cuDNN 规则所选的算法。</translation>
    </message>
    <message>
        <source>--measure-kernels on needs a CUDA card: processors choose their kernels without measuring. Leave it out.</source>
        <translation>--measure-kernels on 需要 CUDA 显卡：处理器不经测量选择计算核。请去掉它。</translation>
    </message>
    <message>
        <source>Also says what weft train --ranks N takes: N processes measure together.</source>
        <translation>还给出 weft train --ranks N 的用时：由 N 个进程同时测量。</translation>
    </message>
    <message>
        <source>%1 ranks could not be forecast: %2</source>
        <translation>无法预测 %1 个进程：%2</translation>
    </message>
    <message>
        <source>%1 ranks of this machine, %2 samples each: %3 ms a step, %4 samples a second.</source>
        <translation>本机 %1 个进程，各 %2 个样本：每步 %3 毫秒，每秒 %4 个样本。</translation>
    </message>
    <message>
        <source>A step takes %1 ms where one rank computes alone and %2 ms where all do; the rest goes into sums of gradients, at %3 Gbit/s.</source>
        <translation>一个进程单独计算时每步 %1 毫秒，全部同时计算时 %2 毫秒；其余用于梯度求和，速率 %3 Gbit/s。</translation>
    </message>
    <message>
        <source>As a rank that is started again: what srun said of the one that was lost.</source>
        <translation>作为重新启动的进程：srun 对失去的那个进程所说的话。</translation>
    </message>
    <message>
        <source>float16 and bfloat16 send gradients in 16 bits, which halves what goes through the network and rounds them; topK sends the largest numbers of each alone, for slow networks; none is the default.</source>
        <translation>float16 和 bfloat16 以 16 位发送梯度，网络流量减半，但会舍入；topK 只发送每个梯度中最大的数，用于慢速网络；默认为 none。</translation>
    </message>
    <message>
        <source>topK: so many percent of each gradient go out, the rest is added to the next one; 1 is the default.</source>
        <translation>topK：每个梯度发送的百分比，其余部分加到下一个梯度上；默认为 1。</translation>
    </message>
</context>
<context>
    <name>studio</name>
    <message>
        <source>Designs, trains and exports neural networks.</source>
        <translation>设计、训练并导出神经网络。</translation>
    </message>
    <message>
        <source>light or dark; like the system by default.</source>
        <translation>light（浅色）或 dark（深色）；默认跟随系统。</translation>
    </message>
    <message>
        <source>en or zh_CN; the system&apos;s by default.</source>
        <translation>en 或 zh_CN；默认跟随系统。</translation>
    </message>
    <message>
        <source>Writes the curves and sample predictions of a run as PNG and ends.</source>
        <translation>将一次运行的曲线和预测样例写成 PNG 后退出。</translation>
    </message>
    <message>
        <source>Folder for --render.</source>
        <translation>--render 的输出文件夹。</translation>
    </message>
    <message>
        <source>A project file (*.weft).</source>
        <translation>项目文件（*.weft）。</translation>
    </message>
</context>
<context>
    <name>weft</name>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
</context>
<context>
    <name>weft::Actions</name>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>Open …</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save as …</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Export to ONNX …</source>
        <translation>导出为 ONNX…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Paste with incoming wires</source>
        <translation>粘贴并保留输入连线</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>再制</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete and join the wires</source>
        <translation>删除并接通连线</translation>
    </message>
    <message>
        <source>Fix the problem</source>
        <translation>修复问题</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation>实际大小</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Show the selection</source>
        <translation>显示所选</translation>
    </message>
    <message>
        <source>Arrange</source>
        <translation>自动排列</translation>
    </message>
    <message>
        <source>Align left edges</source>
        <translation>左对齐</translation>
    </message>
    <message>
        <source>Align upper edges</source>
        <translation>上对齐</translation>
    </message>
    <message>
        <source>Distribute across</source>
        <translation>水平等距</translation>
    </message>
    <message>
        <source>Distribute down</source>
        <translation>垂直等距</translation>
    </message>
    <message>
        <source>Search layers …</source>
        <translation>搜索层…</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Training settings</source>
        <translation>训练设置</translation>
    </message>
    <message>
        <source>Copy the command line</source>
        <translation>复制命令行</translation>
    </message>
    <message>
        <source>Use a folder of images …</source>
        <translation>使用图像文件夹…</translation>
    </message>
    <message>
        <source>Use a table (CSV) …</source>
        <translation>使用表格（CSV）…</translation>
    </message>
    <message>
        <source>Show the data</source>
        <translation>显示数据</translation>
    </message>
    <message>
        <source>Help on the layer</source>
        <translation>该层的帮助</translation>
    </message>
    <message>
        <source>Search commands …</source>
        <translation>搜索命令…</translation>
    </message>
    <message>
        <source>About Weft</source>
        <translation>关于 Weft</translation>
    </message>
    <message>
        <source>Go to the next panel</source>
        <translation>转到下一个面板</translation>
    </message>
    <message>
        <source>Enlarge the results</source>
        <translation>放大结果区</translation>
    </message>
    <message>
        <source>Start page</source>
        <translation>起始页</translation>
    </message>
    <message>
        <source>Export the canvas as a picture …</source>
        <translation>将画布导出为图片…</translation>
    </message>
    <message>
        <source>Five-minute tour</source>
        <translation>五分钟导览</translation>
    </message>
    <message>
        <source>Keyboard shortcuts …</source>
        <translation>键盘快捷键…</translation>
    </message>
    <message>
        <source>Find a layer …</source>
        <translation>查找层…</translation>
    </message>
    <message>
        <source>Wire the selection …</source>
        <translation>为所选连线…</translation>
    </message>
    <message>
        <source>Comment or frame</source>
        <translation>注释或框</translation>
    </message>
    <message>
        <source>Group into a block</source>
        <translation>组成模块</translation>
    </message>
    <message>
        <source>Ungroup</source>
        <translation>拆开模块</translation>
    </message>
    <message>
        <source>Save the block to the palette</source>
        <translation>把模块保存到层列表</translation>
    </message>
    <message>
        <source>Show what flows through the wire</source>
        <translation>显示连线上的数值</translation>
    </message>
    <message>
        <source>Choose the numbers on layers …</source>
        <translation>选择层上显示的数字…</translation>
    </message>
    <message>
        <source>Targets …</source>
        <translation>训练目标…</translation>
    </message>
    <message>
        <source>What Train submits …</source>
        <translation>“训练”将提交什么…</translation>
    </message>
    <message>
        <source>Forecast for several workers …</source>
        <translation>多个工作进程的预测…</translation>
    </message>
    <message>
        <source>Make a parameter of the block …</source>
        <translation>设为块的参数…</translation>
    </message>
    <message>
        <source>Bypass</source>
        <translation>旁路</translation>
    </message>
    <message>
        <source>Print …</source>
        <translation>打印…</translation>
    </message>
</context>
<context>
    <name>weft::BlockForm</name>
    <message>
        <source>Name of the block</source>
        <translation>模块名称</translation>
    </message>
    <message>
        <source>What the block does</source>
        <translation>模块的作用</translation>
    </message>
    <message>
        <source>Name of a new parameter</source>
        <translation>新参数的名称</translation>
    </message>
    <message>
        <source>filters, width, …</source>
        <translation>filters、width…</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Parameters of the block</source>
        <translation>模块的参数</translation>
    </message>
    <message>
        <source>Layers inside use them in expressions such as filters * 2. Each instance sets its own.</source>
        <translation>模块内的层可在 filters * 2 这样的表达式中使用它们。每个实例各自设定。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>Rename the block</source>
        <translation>重命名模块</translation>
    </message>
    <message>
        <source>Set the block&apos;s summary</source>
        <translation>设置模块摘要</translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>Least</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>Most</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>Default of %1</source>
        <translation>%1 的默认值</translation>
    </message>
    <message>
        <source>Least value of %1</source>
        <translation>%1 的最小值</translation>
    </message>
    <message>
        <source>Greatest value of %1</source>
        <translation>%1 的最大值</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>移除 %1</translation>
    </message>
    <message>
        <source>The block has this parameter already.</source>
        <translation>模块已有这个参数。</translation>
    </message>
    <message>
        <source>A name is a letter, then letters, digits and underscores.</source>
        <translation>名称以字母开头，其后为字母、数字和下划线。</translation>
    </message>
    <message>
        <source>Add %1</source>
        <translation>添加 %1</translation>
    </message>
    <message>
        <source>Set %1</source>
        <translation>设置%1</translation>
    </message>
</context>
<context>
    <name>weft::BlockTrail</name>
    <message>
        <source>The way into this block</source>
        <translation>进入此模块的路径</translation>
    </message>
    <message>
        <source>Go back here (Esc)</source>
        <translation>返回这里（Esc）</translation>
    </message>
</context>
<context>
    <name>weft::CanvasText</name>
    <message>
        <source>unknown layer</source>
        <translation>未知的层</translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 个参数</translation>
    </message>
    <message>
        <source>The shape is not known: a layer before this wire has a fault.</source>
        <translation>形状未知：此连线之前的层有错误。</translation>
    </message>
    <message>
        <source>%1 → %2
%3 · %4 · %5 a sample</source>
        <translation>%1 → %2
%3 · %4 · 每个样本 %5</translation>
    </message>
    <message>
        <source>A layer cannot feed itself.</source>
        <translation>层不能连接到自身。</translation>
    </message>
    <message>
        <source>This wire is there already.</source>
        <translation>该连线已存在。</translation>
    </message>
    <message>
        <source>This wire would close a cycle.</source>
        <translation>该连线会形成环。</translation>
    </message>
    <message>
        <source>training sample %1</source>
        <translation>训练样本 %1</translation>
    </message>
    <message>
        <source>validation sample %1</source>
        <translation>验证样本 %1</translation>
    </message>
    <message>
        <source>test sample %1</source>
        <translation>测试样本 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n real step(s)</source>
        <translation>
            <numerusform>%n 个真实步</numerusform>
        </translation>
    </message>
    <message>
        <source>mean %1 · deviation %2 · %3 % zeros</source>
        <translation>均值 %1 · 标准差 %2 · %3 % 为零</translation>
    </message>
    <message>
        <source>untrained weights</source>
        <translation>未训练的权重</translation>
    </message>
    <message>
        <source>weights after step %1</source>
        <translation>第 %1 步后的权重</translation>
    </message>
    <message numerus="yes">
        <source>%n value(s) are not finite.</source>
        <translation>
            <numerusform>有 %n 个值不是有限数。</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 maps</source>
        <translation>%2 张特征图中的 %1 张</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Multiply-adds</source>
        <translation>乘加次数</translation>
    </message>
    <message>
        <source>Memory of activations</source>
        <translation>激活内存</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation>梯度范数</translation>
    </message>
    <message>
        <source>Dead units</source>
        <translation>死亡单元</translation>
    </message>
    <message>
        <source>The shape of what comes out for one sample; the bar counts its numbers.</source>
        <translation>一个样本的输出形状；条形表示其中数值的个数。</translation>
    </message>
    <message>
        <source>How many numbers of the layer are learned.</source>
        <translation>该层有多少个数值需要学习。</translation>
    </message>
    <message>
        <source>How many multiplications with an addition one sample takes.</source>
        <translation>处理一个样本需要多少次乘加运算。</translation>
    </message>
    <message>
        <source>What the outputs of the layer take for one sample.</source>
        <translation>一个样本在该层的输出占用多少内存。</translation>
    </message>
    <message>
        <source>How long a training step takes for one sample, forward and back, measured on this machine. Layers that are computed together with the one before them show none.</source>
        <translation>一个训练步中每个样本前向加反向所用的时间，在本机上测得。与前一层合并计算的层不显示时间。</translation>
    </message>
    <message>
        <source>How long the gradient of the layer&apos;s weights is for a batch of the training data.</source>
        <translation>对一批训练数据，该层权重的梯度有多长。</translation>
    </message>
    <message>
        <source>The share of channels or features that are 0 for every sample of a batch.</source>
        <translation>对一批中的每个样本都为 0 的通道或特征所占的比例。</translation>
    </message>
    <message>
        <source>bypassed</source>
        <translation>已旁路</translation>
    </message>
    <message>
        <source>Bypassed: what enters goes on as it is.</source>
        <translation>已旁路：输入原样传下去。</translation>
    </message>
</context>
<context>
    <name>weft::CanvasView</name>
    <message>
        <source>Add %1</source>
        <translation>添加 %1</translation>
    </message>
    <message>
        <source>Insert %1</source>
        <translation>插入 %1</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n wire(s)</source>
        <translation>
            <numerusform>删除 %n 条连线</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %n layer(s)</source>
        <translation>
            <numerusform>删除 %n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>The clipboard holds no layers.</source>
        <translation>剪贴板中没有层。</translation>
    </message>
    <message numerus="yes">
        <source>Paste %n layer(s)</source>
        <translation>
            <numerusform>粘贴 %n 个层</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Duplicate %n layer(s)</source>
        <translation>
            <numerusform>再制 %n 个层</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n layer(s)</source>
        <translation>
            <numerusform>移动 %n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>Arrange</source>
        <translation>自动排列</translation>
    </message>
    <message>
        <source>Align</source>
        <translation>对齐</translation>
    </message>
    <message>
        <source>Distribute</source>
        <translation>等距分布</translation>
    </message>
    <message>
        <source>There is no quick fix here.</source>
        <translation>此处没有快速修复。</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Help on %1</source>
        <translation>%1 的帮助</translation>
    </message>
    <message>
        <source>Fix the problem</source>
        <translation>修复问题</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>再制</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete and join the wires</source>
        <translation>删除并接通连线</translation>
    </message>
    <message>
        <source>Delete wire</source>
        <translation>删除连线</translation>
    </message>
    <message>
        <source>Add layer …</source>
        <translation>添加层…</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation>画布</translation>
    </message>
    <message>
        <source>Drag a layer here, or double-click to search for one.</source>
        <translation>将层拖到此处，或双击进行搜索。</translation>
    </message>
    <message>
        <source>This layer has no free end for the wire.</source>
        <translation>该层没有可供此连线使用的端口。</translation>
    </message>
    <message>
        <source>Release to connect to %1.</source>
        <translation>松开以连接到 %1。</translation>
    </message>
    <message>
        <source>Release to remove the wire.</source>
        <translation>松开以移除连线。</translation>
    </message>
    <message>
        <source>Release to add a layer here.</source>
        <translation>松开以在此添加层。</translation>
    </message>
    <message>
        <source>Move wire</source>
        <translation>移动连线</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Remove wire</source>
        <translation>移除连线</translation>
    </message>
    <message numerus="yes">
        <source>Group %n layer(s)</source>
        <translation>
            <numerusform>把 %n 个层组成模块</numerusform>
        </translation>
    </message>
    <message>
        <source>Select a block to take it apart.</source>
        <translation>请选择要拆开的模块。</translation>
    </message>
    <message>
        <source>Ungroup</source>
        <translation>拆开模块</translation>
    </message>
    <message>
        <source>Select a block to save it for other projects.</source>
        <translation>请选择要保存给其他项目使用的模块。</translation>
    </message>
    <message>
        <source>%1 is in the palette of every project now.</source>
        <translation>%1 现在出现在所有项目的层列表中。</translation>
    </message>
    <message>
        <source>Ports belong inside blocks. Enter one first.</source>
        <translation>端口属于模块内部。请先进入一个模块。</translation>
    </message>
    <message>
        <source>A block cannot contain itself.</source>
        <translation>模块不能包含它自己。</translation>
    </message>
    <message>
        <source>Delete the comment</source>
        <translation>删除注释</translation>
    </message>
    <message>
        <source>Arranging … Esc leaves everything where it is.</source>
        <translation>正在整理… 按 Esc 则保持原样。</translation>
    </message>
    <message>
        <source>Open the block</source>
        <translation>打开模块</translation>
    </message>
    <message>
        <source>Group into a block</source>
        <translation>组成模块</translation>
    </message>
    <message>
        <source>Save the block to the palette</source>
        <translation>把模块保存到层列表</translation>
    </message>
    <message>
        <source>Add a comment</source>
        <translation>添加注释</translation>
    </message>
    <message>
        <source>Arranging was given up.</source>
        <translation>已放弃整理。</translation>
    </message>
    <message>
        <source>Put into the wire</source>
        <translation>插入连线</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Select one layer to wire it, or two to wire the left one to the right one.</source>
        <translation>选择一个层为其连线，或选择两个层把左边的连到右边的。</translation>
    </message>
    <message>
        <source>Remove the wire: %1</source>
        <translation>移除连线：%1</translation>
    </message>
    <message>
        <source>No wire fits from %1 to %2.</source>
        <translation>从 %1 到 %2 没有合适的连线。</translation>
    </message>
    <message>
        <source>Resize the comment</source>
        <translation>调整注释大小</translation>
    </message>
    <message>
        <source>Move the comment</source>
        <translation>移动注释</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>注释</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>框</translation>
    </message>
    <message>
        <source>Frame the selection</source>
        <translation>框住所选</translation>
    </message>
    <message>
        <source>The first line is the heading.</source>
        <translation>第一行是标题。</translation>
    </message>
    <message>
        <source>Write the comment</source>
        <translation>编写注释</translation>
    </message>
    <message>
        <source>%1 Release to connect all the same.</source>
        <translation>%1 松开仍会连接。</translation>
    </message>
    <message>
        <source>Paste the comment</source>
        <translation>粘贴注释</translation>
    </message>
    <message>
        <source>Duplicate the comment</source>
        <translation>再制注释</translation>
    </message>
    <message>
        <source>Draw a line across the wires to cut; Esc leaves them.</source>
        <translation>画一条线穿过要剪断的连线；按 Esc 则保留。</translation>
    </message>
    <message numerus="yes">
        <source>Release to cut %n wire(s); Esc leaves them.</source>
        <translation>
            <numerusform>松开即剪断 %n 条连线；按 Esc 则保留。</numerusform>
        </translation>
    </message>
    <message>
        <source>The line crossed no wire.</source>
        <translation>这条线没有穿过任何连线。</translation>
    </message>
    <message numerus="yes">
        <source>Cut %n wire(s)</source>
        <translation>
            <numerusform>剪断 %n 条连线</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n wire(s) cut.</source>
        <translation>
            <numerusform>已剪断 %n 条连线。</numerusform>
        </translation>
    </message>
    <message>
        <source>Select the layers to bypass.</source>
        <translation>请选择要旁路的层。</translation>
    </message>
    <message numerus="yes">
        <source>Use %n layer(s) again</source>
        <translation>
            <numerusform>重新启用 %n 个层</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Bypass %n layer(s)</source>
        <translation>
            <numerusform>旁路 %n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>Use again</source>
        <translation>重新启用</translation>
    </message>
    <message>
        <source>Bypass</source>
        <translation>旁路</translation>
    </message>
    <message>
        <source>Bend the wire</source>
        <translation>弯折连线</translation>
    </message>
    <message>
        <source>A double-click on a bend takes it away.</source>
        <translation>双击弯折点可将其去掉。</translation>
    </message>
    <message>
        <source>Take the bend away</source>
        <translation>去掉弯折点</translation>
    </message>
    <message>
        <source>Straighten the wire</source>
        <translation>拉直连线</translation>
    </message>
    <message>
        <source>Straighten</source>
        <translation>拉直</translation>
    </message>
</context>
<context>
    <name>weft::ClassBars</name>
    <message>
        <source>Samples of each class</source>
        <translation>每类的样本数</translation>
    </message>
</context>
<context>
    <name>weft::ClusterPanel</name>
    <message>
        <source>Targets …</source>
        <translation>训练目标…</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>作业</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>samples per second</source>
        <translation>每秒样本数</translation>
    </message>
    <message>
        <source>staleness of gradients</source>
        <translation>梯度陈旧度</translation>
    </message>
    <message>
        <source>What was submitted</source>
        <translation>已提交的内容</translation>
    </message>
    <message>
        <source>The YAML, script or commands of the chosen job stand here.</source>
        <translation>所选作业的 YAML、脚本或命令显示在这里。</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>工作进程</translation>
    </message>
    <message>
        <source>Submitted</source>
        <translation>已提交</translation>
    </message>
    <message>
        <source>Show curves</source>
        <translation>显示曲线</translation>
    </message>
    <message>
        <source>Shows the job&apos;s run like one of this machine</source>
        <translation>像本机的运行一样显示该作业的运行</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Saves, ends the run, fetches the results and removes the job from its target; one that waits is taken back</source>
        <translation>保存并结束运行，取回结果，从目标上移除作业；仍在等待的作业会被撤回</translation>
    </message>
    <message>
        <source>End …</source>
        <translation>结束…</translation>
    </message>
    <message>
        <source>Ends the job at once without saving, fetches what is there and removes the job from its target</source>
        <translation>不保存，立即结束作业，取回已有内容，从目标上移除作业</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copies what was submitted</source>
        <translation>复制已提交的内容</translation>
    </message>
    <message>
        <source>all ranks</source>
        <translation>所有进程</translation>
    </message>
    <message>
        <source>Rank %1</source>
        <translation>进程 %1</translation>
    </message>
    <message>
        <source>End the job</source>
        <translation>结束作业</translation>
    </message>
    <message>
        <source>End the job at once?</source>
        <translation>立即结束该作业？</translation>
    </message>
    <message>
        <source>What it has not saved is lost. Stop saves first.</source>
        <translation>未保存的内容会丢失。“停止”会先保存。</translation>
    </message>
    <message>
        <source>End</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>Let it run</source>
        <translation>让它继续</translation>
    </message>
    <message>
        <source>No job on a target yet. Name a place to train, choose it beside Train, and press Train: its jobs, pods and processes appear here, and the ranks of runs on this machine.</source>
        <translation>目标上还没有作业。先命名一个训练的地方，在“训练”旁选中它，再按“训练”：它的作业、Pod 和进程会显示在这里，本机上多进程运行的各个进程也是如此。</translation>
    </message>
</context>
<context>
    <name>weft::CommandPalette</name>
    <message>
        <source>Search layers and commands</source>
        <translation>搜索层和命令</translation>
    </message>
</context>
<context>
    <name>weft::ConfusionMatrix</name>
    <message>
        <source>predicted →</source>
        <translation>预测 →</translation>
    </message>
    <message>
        <source>true ↓</source>
        <translation>实际 ↓</translation>
    </message>
    <message>
        <source>%1 recognised: %2</source>
        <translation>%1 识别正确：%2</translation>
    </message>
    <message>
        <source>%1 taken for %2: %3</source>
        <translation>%1 被误认为 %2：%3</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>混淆矩阵</translation>
    </message>
</context>
<context>
    <name>weft::CurvePlot</name>
    <message>
        <source>Wheel: zoom. Drag: move. Double click: show everything.</source>
        <translation>滚轮：缩放。拖动：移动。双击：显示全部。</translation>
    </message>
    <message>
        <source>train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>epoch %1</source>
        <translation>第 %1 轮</translation>
    </message>
    <message>
        <source> · train %1</source>
        <translation> · 训练 %1</translation>
    </message>
    <message>
        <source> · validation %1</source>
        <translation> · 验证 %1</translation>
    </message>
    <message>
        <source>best</source>
        <translation>最佳</translation>
    </message>
</context>
<context>
    <name>weft::DataPanel</name>
    <message>
        <source>Training samples</source>
        <translation>训练样本</translation>
    </message>
    <message>
        <source>Validation samples</source>
        <translation>验证样本</translation>
    </message>
    <message>
        <source>Test samples</source>
        <translation>测试样本</translation>
    </message>
    <message>
        <source>Reading the data: %1 %</source>
        <translation>正在读取数据：%1 %</translation>
    </message>
    <message>
        <source>Folder …</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>A folder with one subfolder of images for each class, or a folder of IDX files.</source>
        <translation>每个类别一个图像子文件夹的文件夹，或 IDX 文件的文件夹。</translation>
    </message>
    <message>
        <source>Table …</source>
        <translation>表格…</translation>
    </message>
    <message>
        <source>A CSV file with a header line; one column is the label.</source>
        <translation>带标题行的 CSV 文件；其中一列为标签。</translation>
    </message>
    <message>
        <source>Label column</source>
        <translation>标签列</translation>
    </message>
    <message>
        <source>Choose the label column</source>
        <translation>选择标签列</translation>
    </message>
    <message>
        <source>Choose a folder of images</source>
        <translation>选择图像文件夹</translation>
    </message>
    <message>
        <source>Choose a table</source>
        <translation>选择表格</translation>
    </message>
    <message>
        <source>Tables (*.csv *.tsv *.txt);;All files (*)</source>
        <translation>表格 (*.csv *.tsv *.txt);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Choose data</source>
        <translation>选择数据</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Image folder</source>
        <translation>图像文件夹</translation>
    </message>
    <message>
        <source>IDX files</source>
        <translation>IDX 文件</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Choose a data set</source>
        <translation>选择数据集</translation>
    </message>
    <message>
        <source>Choose a data set, or drop a folder of images or a CSV table here.</source>
        <translation>选择数据集，或将图像文件夹或 CSV 表格拖到此处。</translation>
    </message>
    <message>
        <source>Reading the data</source>
        <translation>正在读取数据</translation>
    </message>
    <message>
        <source>%1 to train · %2 to validate · %3 to test</source>
        <translation>训练 %1 · 验证 %2 · 测试 %3</translation>
    </message>
    <message>
        <source>%1 classes</source>
        <translation>%1 个类别</translation>
    </message>
    <message>
        <source>the last</source>
        <translation>最后</translation>
    </message>
    <message>
        <source>No samples in this split.</source>
        <translation>此划分中没有样本。</translation>
    </message>
    <message>
        <source>label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>The network does not fit these data yet.</source>
        <translation>网络与这些数据尚不匹配。</translation>
    </message>
    <message>
        <source>Set and train</source>
        <translation>设置并训练</translation>
    </message>
    <message>
        <source>Makes the network fit the data and starts training at once.</source>
        <translation>让网络与数据相符，并立即开始训练。</translation>
    </message>
    <message>
        <source>Training needs data. Choose a data set, a folder of images or a table; then press Train again.</source>
        <translation>训练需要数据。请选择数据集、图片文件夹或表格，然后再按“训练”。</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Samples of each class</source>
        <translation>每类的样本数</translation>
    </message>
    <message>
        <source>Part of the data</source>
        <translation>数据的哪一部分</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Data set</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
</context>
<context>
    <name>weft::DrawingPad</name>
    <message>
        <source>Draw here, or drop an image file.</source>
        <translation>在此绘制，或拖入图像文件。</translation>
    </message>
    <message>
        <source>Draw here</source>
        <translation>在此绘制</translation>
    </message>
</context>
<context>
    <name>weft::ExportDialog</name>
    <message>
        <source>Writing the model and comparing it with Weft&apos;s own results …</source>
        <translation>正在写入模型并与 Weft 自身的结果比较…</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Export to ONNX</source>
        <translation>导出为 ONNX</translation>
    </message>
    <message>
        <source>Exported and verified: %1 (%2).</source>
        <translation>已导出并验证：%1（%2）。</translation>
    </message>
    <message>
        <source>The export ended without a message.</source>
        <translation>导出已结束，但没有给出信息。</translation>
    </message>
    <message>
        <source>The program weft could not be started. It belongs beside the Studio.</source>
        <translation>程序 weft 无法启动。它应与本程序位于同一位置。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>weft::FigureChooser</name>
    <message>
        <source>Numbers on layers</source>
        <translation>层上的数字</translation>
    </message>
    <message>
        <source>untrained weights</source>
        <translation>未训练的权重</translation>
    </message>
    <message>
        <source>weights of step %1</source>
        <translation>第 %1 步的权重</translation>
    </message>
    <message>
        <source>%1 in all</source>
        <translation>合计 %1</translation>
    </message>
    <message>
        <source>measuring …</source>
        <translation>正在测量…</translation>
    </message>
</context>
<context>
    <name>weft::FindingList</name>
    <message>
        <source>fine</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>The target could not be asked.</source>
        <translation>无法询问该目标。</translation>
    </message>
    <message>
        <source>Ready: nothing is missing.</source>
        <translation>就绪：什么都不缺。</translation>
    </message>
    <message numerus="yes">
        <source>Not ready: %n thing(s) to mend.</source>
        <translation>
            <numerusform>未就绪：有 %n 处需要处理。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::ForecastCard</name>
    <message>
        <source>Forecast</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Said when the run has ended.</source>
        <translation>运行结束后给出。</translation>
    </message>
    <message>
        <source>Said as soon as the network is whole and has data.</source>
        <translation>网络完整并有数据后即给出。</translation>
    </message>
    <message>
        <source>measuring …</source>
        <translation>正在测量……</translation>
    </message>
    <message>
        <source>Some steps are timed.</source>
        <translation>正在测量若干步。</translation>
    </message>
    <message>
        <source>What an epoch takes, before you train.</source>
        <translation>训练之前就知道一轮需要什么。</translation>
    </message>
    <message>
        <source>Forecast: %1</source>
        <translation>预测：%1</translation>
    </message>
    <message>
        <source>Forecast for each device</source>
        <translation>各设备的预测</translation>
    </message>
</context>
<context>
    <name>weft::ForecastTable</name>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>A step of %1 samples takes %2: %3 samples a second.</source>
        <translation>%1 个样本的一步需要 %2：每秒 %3 个样本。</translation>
    </message>
    <message>
        <source>A step of %1 samples takes about %2, or %3 samples a second: an estimate, from steps of %4 of them.</source>
        <translation>%1 个样本的一步约需 %2，即每秒 %3 个样本：估计值，由其中 %4 个样本的步推算。</translation>
    </message>
    <message>
        <source>Not usable</source>
        <translation>不可用</translation>
    </message>
    <message>
        <source>No room · batch %1 fits</source>
        <translation>放不下 · 批次 %1 可以</translation>
    </message>
    <message>
        <source>No room for it</source>
        <translation>放不下</translation>
    </message>
    <message>
        <source>%1 an epoch · %2</source>
        <translation>每轮 %1 · %2</translation>
    </message>
    <message>
        <source>measuring … · %1</source>
        <translation>正在测量… · %1</translation>
    </message>
    <message>
        <source>An epoch has %1 steps and takes %2, its validation included.</source>
        <translation>一轮有 %1 步，连同验证需要 %2。</translation>
    </message>
    <message>
        <source>Training takes %1 of the %2 of memory that are free; batches of up to %3 samples fit.</source>
        <translation>训练占用 %1 内存（空闲 %2）；最多 %3 个样本的批次放得下。</translation>
    </message>
    <message>
        <source>Forecast for each device</source>
        <translation>各设备的预测</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>An epoch</source>
        <translation>每轮</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Largest batch</source>
        <translation>最大批次</translation>
    </message>
    <message>
        <source>Nothing has been measured yet.</source>
        <translation>还没有测量。</translation>
    </message>
    <message>
        <source>measuring …</source>
        <translation>正在测量…</translation>
    </message>
</context>
<context>
    <name>weft::HelpText</name>
    <message>
        <source>About Weft</source>
        <translation>关于 Weft</translation>
    </message>
    <message>
        <source>A studio for neural networks: wire layers, train them, look at what they learnt, take them elsewhere.

Sources under the Apache License 2.0. This program uses QCustomPlot and is distributed under the GNU General Public License, version 3.</source>
        <translation>神经网络工作室：连接各层，进行训练，查看学到的内容，再带往别处使用。

源代码采用 Apache License 2.0。本程序使用 QCustomPlot，按 GNU 通用公共许可证第 3 版发布。</translation>
    </message>
</context>
<context>
    <name>weft::JobList</name>
    <message>
        <source>has ended; its results are being fetched</source>
        <translation>已结束；正在取回结果</translation>
    </message>
    <message>
        <source>has ended; its results are still to be fetched</source>
        <translation>已结束；结果尚待取回</translation>
    </message>
    <message>
        <source>is being submitted</source>
        <translation>正在提交</translation>
    </message>
    <message>
        <source>its submission was interrupted</source>
        <translation>提交被中断</translation>
    </message>
    <message>
        <source>is submitted</source>
        <translation>已提交</translation>
    </message>
    <message>
        <source>%1 (as last seen: nobody follows it now)</source>
        <translation>%1（上次所见：目前无人跟踪）</translation>
    </message>
</context>
<context>
    <name>weft::JobTree</name>
    <message>
        <source>Jobs</source>
        <translation>作业</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>作业</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>节点</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>重启次数</translation>
    </message>
    <message>
        <source>Last message</source>
        <translation>最近消息</translation>
    </message>
    <message>
        <source>Rank %1</source>
        <translation>进程 %1</translation>
    </message>
    <message>
        <source>process %1</source>
        <translation>进程号 %1</translation>
    </message>
    <message>
        <source>samples %1 to %2 of a batch</source>
        <translation>每批的第 %1 到 %2 个样本</translation>
    </message>
    <message>
        <source>computes %1 % of the time</source>
        <translation>%1 % 的时间在计算</translation>
    </message>
</context>
<context>
    <name>weft::LayerHelp</name>
    <message>
        <source>Picture of %1</source>
        <translation>%1 的示意图</translation>
    </message>
    <message>
        <source>Takes two wires or more.</source>
        <translation>接两条或更多连线。</translation>
    </message>
    <message>
        <source>May stay unwired.</source>
        <translation>可以不接线。</translation>
    </message>
    <message>
        <source>%1 – help</source>
        <translation>%1 – 帮助</translation>
    </message>
    <message>
        <source>Add to the canvas</source>
        <translation>添加到画布</translation>
    </message>
    <message>
        <source>Open a template with it: %1</source>
        <translation>打开使用它的模板：%1</translation>
    </message>
    <message>
        <source>Input %1</source>
        <translation>输入 %1</translation>
    </message>
    <message>
        <source>Output %1</source>
        <translation>输出 %1</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Default: %1</source>
        <translation>默认值：%1</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
</context>
<context>
    <name>weft::LayerMeter</name>
    <message>
        <source>Layers are measured on a batch of the data: choose them first.</source>
        <translation>各层要用一批数据来测量：请先选择数据。</translation>
    </message>
    <message>
        <source>Layers are measured as soon as the network has no faults.</source>
        <translation>网络没有错误后即会测量各层。</translation>
    </message>
</context>
<context>
    <name>weft::LayerPalette</name>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Filter layers</source>
        <translation>筛选层</translation>
    </message>
</context>
<context>
    <name>weft::LayerSearch</name>
    <message>
        <source>Search layers</source>
        <translation>搜索层</translation>
    </message>
</context>
<context>
    <name>weft::LayerTree</name>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Remove from the palette</source>
        <translation>从层列表移除</translation>
    </message>
</context>
<context>
    <name>weft::LogPanel</name>
    <message>
        <source>loss %1</source>
        <translation>损失 %1</translation>
    </message>
    <message>
        <source>Training starts on %1: %2 epochs of %3 steps.</source>
        <translation>在 %1 上开始训练：%2 轮，每轮 %3 步。</translation>
    </message>
    <message>
        <source>Epoch %1: train %2</source>
        <translation>第 %1 轮：训练 %2</translation>
    </message>
    <message>
        <source>; validation %1</source>
        <translation>；验证 %1</translation>
    </message>
    <message>
        <source>; %1 s</source>
        <translation>；%1 秒</translation>
    </message>
    <message>
        <source>Command %1 accepted.</source>
        <translation>命令 %1 已接受。</translation>
    </message>
    <message>
        <source>Command %1 refused: %2</source>
        <translation>命令 %1 被拒绝：%2</translation>
    </message>
    <message>
        <source>Checkpoint at step %1, the best so far.</source>
        <translation>第 %1 步的检查点，目前最佳。</translation>
    </message>
    <message>
        <source>Checkpoint at step %1.</source>
        <translation>第 %1 步的检查点。</translation>
    </message>
    <message>
        <source>Paused at step %1.</source>
        <translation>在第 %1 步暂停。</translation>
    </message>
    <message>
        <source>Goes on from step %1.</source>
        <translation>从第 %1 步继续。</translation>
    </message>
    <message>
        <source>Stopped at step %1.</source>
        <translation>在第 %1 步停止。</translation>
    </message>
    <message>
        <source>Finished after %1 steps.</source>
        <translation>共 %1 步，已完成。</translation>
    </message>
    <message>
        <source>Warning: %1</source>
        <translation>警告：%1</translation>
    </message>
    <message>
        <source>Failed: %1</source>
        <translation>失败：%1</translation>
    </message>
    <message>
        <source>What a run does stands here, line by line.</source>
        <translation>运行的过程将逐行显示在此。</translation>
    </message>
    <message>
        <source>What the process printed last:</source>
        <translation>进程最后的输出：</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Ended at once.</source>
        <translation>已立即结束。</translation>
    </message>
</context>
<context>
    <name>weft::LogTail</name>
    <message>
        <source>Log of the job</source>
        <translation>作业日志</translation>
    </message>
    <message>
        <source>What the chosen job, pod or process prints stands here.</source>
        <translation>所选作业、Pod 或进程的输出显示在这里。</translation>
    </message>
</context>
<context>
    <name>weft::MainWindow</name>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Properties</source>
        <translation>属性</translation>
    </message>
    <message>
        <source>Predictions</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行记录</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>已编辑</translation>
    </message>
    <message>
        <source>not saved yet</source>
        <translation>尚未保存</translation>
    </message>
    <message>
        <source>saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>%1 parameters · %2 multiply-adds · %3</source>
        <translation>%1 个参数 · %2 次乘加 · %3</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>No run yet</source>
        <translation>尚无运行</translation>
    </message>
    <message>
        <source>Problems (%1)</source>
        <translation>问题（%1）</translation>
    </message>
    <message>
        <source>Weft projects (*.weft)</source>
        <translation>Weft 项目 (*.weft)</translation>
    </message>
    <message>
        <source>Open a project</source>
        <translation>打开项目</translation>
    </message>
    <message>
        <source>Edits that were not saved the last time are back. Undo takes them away.</source>
        <translation>上次未保存的编辑已恢复。可用撤销将其去除。</translation>
    </message>
    <message>
        <source>Save the project</source>
        <translation>保存项目</translation>
    </message>
    <message>
        <source>Saved %1.</source>
        <translation>已保存 %1。</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>未保存的更改</translation>
    </message>
    <message>
        <source>%1 has changes that are not saved.</source>
        <translation>%1 有未保存的更改。</translation>
    </message>
    <message>
        <source>Save them before going on?</source>
        <translation>继续之前要保存吗？</translation>
    </message>
    <message>
        <source>Do not save</source>
        <translation>不保存</translation>
    </message>
    <message>
        <source>No projects yet</source>
        <translation>尚无项目</translation>
    </message>
    <message>
        <source>Train first: an export holds trained weights.</source>
        <translation>请先训练：导出的内容包含训练好的权重。</translation>
    </message>
    <message>
        <source>Export to ONNX</source>
        <translation>导出为 ONNX</translation>
    </message>
    <message>
        <source>ONNX models (*.onnx)</source>
        <translation>ONNX 模型 (*.onnx)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>New from template</source>
        <translation>从模板新建</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Insert</source>
        <translation>插入(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Data</source>
        <translation>数据(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>Align</source>
        <translation>对齐</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Search layers and commands</source>
        <translation>搜索层和命令</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>撤销：%1</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo: %1</source>
        <translation>重做：%1</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Select a layer first.</source>
        <translation>请先选择一个层。</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>已复制：%1</translation>
    </message>
    <message>
        <source>Show the canvas again</source>
        <translation>重新显示画布</translation>
    </message>
    <message>
        <source>Enlarge the results</source>
        <translation>放大结果区</translation>
    </message>
    <message>
        <source>Export the canvas as a picture</source>
        <translation>将画布导出为图片</translation>
    </message>
    <message>
        <source>Drawings (*.svg);;Pictures (*.png)</source>
        <translation>矢量图 (*.svg);;图片 (*.png)</translation>
    </message>
    <message>
        <source>Save the project first: the command reads its file.</source>
        <translation>请先保存项目：该命令读取项目文件。</translation>
    </message>
    <message>
        <source>Save first: the command reads the file, which lacks the last edits.</source>
        <translation>请先保存：该命令读取的文件还没有最近的修改。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>More actions</source>
        <translation>更多操作</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>A project that was never saved is back as it was. Save it, or undo what you do not want.</source>
        <translation>一个从未保存的项目已恢复原样。请保存，或撤销不想要的更改。</translation>
    </message>
    <message>
        <source>%1 is open in another window of Weft.</source>
        <translation>%1 已在另一个 Weft 窗口中打开。</translation>
    </message>
    <message>
        <source>Whoever saves last overwrites what the other saved. Look at it here without changing it, or save a copy under another name.</source>
        <translation>后保存的会覆盖先保存的。可以在这里只查看而不修改，或另存为其他名称。</translation>
    </message>
    <message>
        <source>Only look</source>
        <translation>仅查看</translation>
    </message>
    <message>
        <source>Edit all the same</source>
        <translation>仍然编辑</translation>
    </message>
    <message>
        <source>The project is open in another window of Weft, so it can only be looked at here. Save it under another name to change it.</source>
        <translation>该项目已在另一个 Weft 窗口中打开，这里只能查看。要修改请另存为其他名称。</translation>
    </message>
    <message>
        <source>This sample is pinned: rest the mouse on a wire to see its values there.</source>
        <translation>已固定此样本：将鼠标停在连线上即可查看它在该处的数值。</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Choose a target beside Train first.</source>
        <translation>请先在“训练”旁选择一个目标。</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>打印</translation>
    </message>
    <message>
        <source>Printed %1.</source>
        <translation>已打印 %1。</translation>
    </message>
</context>
<context>
    <name>weft::Minimap</name>
    <message>
        <source>Overview of the network</source>
        <translation>网络概览</translation>
    </message>
</context>
<context>
    <name>weft::ParamEditor</name>
    <message>
        <source>%1 to %2.</source>
        <translation>%1 至 %2。</translation>
    </message>
    <message>
        <source>At least %1.</source>
        <translation>至少 %1。</translation>
    </message>
    <message>
        <source>At most %1.</source>
        <translation>至多 %1。</translation>
    </message>
</context>
<context>
    <name>weft::PictureText</name>
    <message>
        <source>attention</source>
        <translation>注意力</translation>
    </message>
    <message>
        <source>feed forward</source>
        <translation>前馈</translation>
    </message>
</context>
<context>
    <name>weft::PredictionsPanel</name>
    <message>
        <source>Predicting the test data: %1 %</source>
        <translation>正在预测测试数据：%1 %</translation>
    </message>
    <message>
        <source>All samples</source>
        <translation>全部样本</translation>
    </message>
    <message>
        <source>Only mistakes</source>
        <translation>仅错误</translation>
    </message>
    <message>
        <source>Every class</source>
        <translation>所有类别</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>刷新</translation>
    </message>
    <message>
        <source>A better checkpoint is there.</source>
        <translation>已有更好的检查点。</translation>
    </message>
    <message>
        <source>Predicting the test data</source>
        <translation>正在预测测试数据</translation>
    </message>
    <message>
        <source>predicting</source>
        <translation>正在预测</translation>
    </message>
    <message>
        <source>test data</source>
        <translation>测试数据</translation>
    </message>
    <message>
        <source>validation data</source>
        <translation>验证数据</translation>
    </message>
    <message>
        <source>training data</source>
        <translation>训练数据</translation>
    </message>
    <message>
        <source>This network predicts numbers, not classes. Its mean loss on the %1 is %2.</source>
        <translation>该网络预测数值而非类别。它在%1上的平均损失为 %2。</translation>
    </message>
    <message>
        <source>Train the network, and here is what it makes of images that it has never seen.</source>
        <translation>训练网络后，此处显示它对从未见过的图像的判断。</translation>
    </message>
    <message>
        <source>The first predictions come with the first checkpoint, after one epoch.</source>
        <translation>第一轮结束并产生第一个检查点后即有预测。</translation>
    </message>
    <message>
        <source>This run ended before its first checkpoint, so it cannot predict.</source>
        <translation>此运行在第一个检查点之前结束，因此无法预测。</translation>
    </message>
    <message>
        <source>No mistakes here.</source>
        <translation>此处没有错误。</translation>
    </message>
    <message>
        <source>No such samples.</source>
        <translation>没有这样的样本。</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1: %2 %</source>
        <translation>%1：%2 %</translation>
    </message>
    <message>
        <source>accuracy %1 on the %2</source>
        <translation>%2上的准确率 %1</translation>
    </message>
    <message>
        <source>With the best checkpoint of the run: step %1.</source>
        <translation>使用这次运行的最佳检查点：第 %1 步。</translation>
    </message>
    <message>
        <source>Predictions</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Which samples are shown</source>
        <translation>显示哪些样本</translation>
    </message>
    <message>
        <source>Class of the samples</source>
        <translation>样本的类别</translation>
    </message>
</context>
<context>
    <name>weft::ProblemsPanel</name>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>还有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>The network is empty.</source>
        <translation>网络为空。</translation>
    </message>
    <message>
        <source>No problems. The network can be trained.</source>
        <translation>没有问题。可以训练该网络。</translation>
    </message>
    <message>
        <source>No problems. Choose the data, and the network can be trained.</source>
        <translation>没有问题。选择数据后即可训练网络。</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
</context>
<context>
    <name>weft::ProjectDocument</name>
    <message>
        <source>untitled</source>
        <translation>未命名</translation>
    </message>
    <message>
        <source>Edits are not kept for recovery: %1</source>
        <translation>编辑未能保留以供恢复：%1</translation>
    </message>
    <message>
        <source>%1 It can be looked at here, but not changed.</source>
        <translation>%1 在这里可以查看，但不能修改。</translation>
    </message>
</context>
<context>
    <name>weft::PropertiesPanel</name>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Multiply-adds</source>
        <translation>乘加次数</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>%1 a sample</source>
        <translation>每个样本 %1</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>F1 help</source>
        <translation>F1 帮助</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Name of the layer</source>
        <translation>层的名称</translation>
    </message>
    <message>
        <source>Set %1</source>
        <translation>设置%1</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>Properties</source>
        <translation>属性</translation>
    </message>
    <message>
        <source>Open the block</source>
        <translation>打开模块</translation>
    </message>
    <message>
        <source>Make it a parameter of the block</source>
        <translation>设为模块的参数</translation>
    </message>
    <message>
        <source>Make %1 a parameter of the block</source>
        <translation>把%1设为模块的参数</translation>
    </message>
    <message>
        <source>Open a block and select a layer in it, one of whose numbers is to become a parameter of the block.</source>
        <translation>请打开一个块，并选中其中一个层：它的某个数将成为块的参数。</translation>
    </message>
    <message>
        <source>Which number?</source>
        <translation>哪个数？</translation>
    </message>
    <message>
        <source>%1 is now a parameter of the block; each instance sets its own.</source>
        <translation>%1 现在是块的参数；每个实例各自设置。</translation>
    </message>
</context>
<context>
    <name>weft::RunController</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>A run is going</source>
        <translation>有运行正在进行</translation>
    </message>
    <message>
        <source>A run of this project is going.</source>
        <translation>此项目有一个运行正在进行。</translation>
    </message>
    <message>
        <source>A queued run starts when it ends, as long as the Studio is open. Two runs at once share the processor and both take longer.</source>
        <translation>排队的运行会在其结束后开始（需保持本程序打开）。同时进行的两个运行共享处理器，都会变慢。</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>Run beside it</source>
        <translation>同时运行</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>paused · %1</source>
        <translation>已暂停 · %1</translation>
    </message>
    <message>
        <source>stopping · %1</source>
        <translation>正在停止 · %1</translation>
    </message>
    <message>
        <source>stopped · %1</source>
        <translation>已停止 · %1</translation>
    </message>
    <message>
        <source>finished · %1</source>
        <translation>已完成 · %1</translation>
    </message>
    <message>
        <source>failed · %1</source>
        <translation>失败 · %1</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source> · %1 samples/s</source>
        <translation> · %1 样本/秒</translation>
    </message>
    <message>
        <source> · %1 left</source>
        <translation> · 剩余 %1</translation>
    </message>
    <message>
        <source>The network cannot be trained yet. %1%2</source>
        <translation>网络尚不能训练。%1%2</translation>
    </message>
    <message>
        <source>Training ended before it began.</source>
        <translation>训练在开始之前就结束了。</translation>
    </message>
    <message>
        <source>Training ended unexpectedly. It can be continued with: weft train --resume --run-dir %1</source>
        <translation>训练意外结束。可用以下命令继续：weft train --resume --run-dir %1</translation>
    </message>
    <message>
        <source>Training ended unexpectedly: %1</source>
        <translation>训练意外结束：%1</translation>
    </message>
    <message>
        <source>epoch %1 of %2</source>
        <translation>第 %1 / %2 轮</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) queued</source>
        <translation>
            <numerusform>%n 个运行在排队</numerusform>
        </translation>
    </message>
    <message>
        <source>the job %1</source>
        <translation>作业%1</translation>
    </message>
    <message>
        <source>is not submitted yet · %1</source>
        <translation>尚未提交 · %1</translation>
    </message>
    <message>
        <source>The job could not be submitted: %1
It is tried again while the Studio is open; Stop takes it back.</source>
        <translation>无法提交作业：%1
Studio 打开期间会再次尝试；“停止”可撤回。</translation>
    </message>
</context>
<context>
    <name>weft::RunsPanel</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>Best accuracy</source>
        <translation>最佳准确率</translation>
    </message>
    <message>
        <source>Best loss</source>
        <translation>最佳损失</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>No runs yet. Press Train, and the run appears here with its curves and checkpoints.</source>
        <translation>尚无运行。按“训练”后，运行及其曲线和检查点将显示在此。</translation>
    </message>
    <message>
        <source>Show curves</source>
        <translation>显示曲线</translation>
    </message>
    <message>
        <source>Export to ONNX …</source>
        <translation>导出为 ONNX…</translation>
    </message>
    <message>
        <source>Delete …</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>not started</source>
        <translation>未开始</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Stop the run before deleting it.</source>
        <translation>删除前请先停止运行。</translation>
    </message>
    <message>
        <source>Delete the run</source>
        <translation>删除运行</translation>
    </message>
    <message>
        <source>Delete the run %1 with its curves and checkpoints?</source>
        <translation>删除运行 %1 及其曲线和检查点？</translation>
    </message>
    <message>
        <source>This cannot be undone.</source>
        <translation>此操作无法撤销。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Some files of %1 could not be deleted. Check who owns them.</source>
        <translation>%1 的部分文件无法删除。请检查其所有者。</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行记录</translation>
    </message>
</context>
<context>
    <name>weft::ScalingDialog</name>
    <message>
        <source>workers</source>
        <translation>工作进程数</translation>
    </message>
    <message>
        <source>samples per second</source>
        <translation>每秒样本数</translation>
    </message>
    <message>
        <source>efficiency in percent of ideal</source>
        <translation>效率（理想值的百分比）</translation>
    </message>
    <message>
        <source>Forecast: what more workers would give</source>
        <translation>预测：增加工作进程的收益</translation>
    </message>
    <message>
        <source>Link of a host</source>
        <translation>主机链路</translation>
    </message>
    <message>
        <source>Speed of a host&apos;s link to the others, such as 25Gbit, 800Mbit or 3GB a second</source>
        <translation>主机与其他主机之间的链路速度，例如每秒 25Gbit、800Mbit 或 3GB</translation>
    </message>
    <message>
        <source>Workers on a host</source>
        <translation>每台主机的工作进程</translation>
    </message>
    <message>
        <source>So many share the link of their host</source>
        <translation>这么多工作进程共用所在主机的链路</translation>
    </message>
    <message>
        <source>Up to</source>
        <translation>最多</translation>
    </message>
    <message>
        <source>The most workers that the plots show</source>
        <translation>图中显示的最多工作进程数</translation>
    </message>
    <message>
        <source>Step in ms</source>
        <translation>每步毫秒数</translation>
    </message>
    <message>
        <source>What a step of one worker takes: measured on this machine, or what you type</source>
        <translation>一个工作进程每步所需时间：在本机测得，或由您输入</translation>
    </message>
    <message>
        <source>Some steps of one worker are timed …</source>
        <translation>正在为一个工作进程的若干步计时…</translation>
    </message>
    <message>
        <source>The step could not be timed: %1 Type in what it takes.</source>
        <translation>无法测量每步时间：%1 请直接输入。</translation>
    </message>
    <message>
        <source>One worker does %1 samples a second; the network has %2 of parameters.</source>
        <translation>一个工作进程每秒处理 %1 个样本；网络有 %2 的参数。</translation>
    </message>
    <message>
        <source>Assumed: %1</source>
        <translation>假设：%1</translation>
    </message>
    <message>
        <source>%1 on %2 cards: published %3, this forecast %4</source>
        <translation>%1，%2 块卡：公布值 %3，本预测 %4</translation>
    </message>
    <message>
        <source>Crosses: what TensorFlow published in 2017 for all-reduce on K80 cards over 10 Gbit/s. %1.</source>
        <translation>叉号：TensorFlow 2017 年公布的、在 10 Gbit/s 上用 K80 卡做全归约的结果。%1。</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Measures the link between two ranks of this machine by sums like those of a training</source>
        <translation>用与训练相同的求和测量本机两个进程之间的链路</translation>
    </message>
    <message>
        <source>The link between two ranks of this machine is measured …</source>
        <translation>正在测量本机两个进程之间的链路……</translation>
    </message>
    <message>
        <source>The link could not be measured: %1</source>
        <translation>无法测量链路：%1</translation>
    </message>
</context>
<context>
    <name>weft::SearchPopup</name>
    <message>
        <source>Nothing here has such a name.</source>
        <translation>这里没有这样的名称。</translation>
    </message>
</context>
<context>
    <name>weft::ShortcutsDialog</name>
    <message>
        <source>Zoom at the cursor</source>
        <translation>以光标为中心缩放</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>滚轮</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>Middle button, or Space and drag</source>
        <translation>中键拖动，或空格加拖动</translation>
    </message>
    <message>
        <source>Pan sideways</source>
        <translation>水平平移</translation>
    </message>
    <message>
        <source>Shift and wheel</source>
        <translation>Shift 加滚轮</translation>
    </message>
    <message>
        <source>Add a layer at the cursor</source>
        <translation>在光标处添加层</translation>
    </message>
    <message>
        <source>Double-click, or Tab</source>
        <translation>双击，或 Tab</translation>
    </message>
    <message>
        <source>Move the selection</source>
        <translation>移动所选</translation>
    </message>
    <message>
        <source>Arrow keys; with Shift further</source>
        <translation>方向键；按住 Shift 移动更远</translation>
    </message>
    <message>
        <source>Select several</source>
        <translation>选择多个</translation>
    </message>
    <message>
        <source>Drag a box, or Shift and click</source>
        <translation>框选，或 Shift 加单击</translation>
    </message>
    <message>
        <source>Take a wire off</source>
        <translation>断开连线</translation>
    </message>
    <message>
        <source>Drag its end off the input</source>
        <translation>将其端点拖离输入</translation>
    </message>
    <message>
        <source>Assign</source>
        <translation>指定</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>不用按键</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Search actions or keys</source>
        <translation>搜索操作或按键</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>新按键</translation>
    </message>
    <message>
        <source>Press the new keys</source>
        <translation>请按下新按键</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部重置</translation>
    </message>
    <message>
        <source>Changed; it was %1.</source>
        <translation>已更改；原为 %1。</translation>
    </message>
    <message>
        <source>%1 belongs to &quot;%2&quot;. Assigning takes it away from there.</source>
        <translation>%1 已用于“%2”。指定后会从那里移除。</translation>
    </message>
    <message>
        <source>Cut wires</source>
        <translation>剪断连线</translation>
    </message>
    <message>
        <source>Ctrl and drag with the right button across them</source>
        <translation>按住 Ctrl 并用右键拖动穿过它们</translation>
    </message>
    <message>
        <source>Lead a wire around something</source>
        <translation>让连线绕行</translation>
    </message>
    <message>
        <source>Drag the wire; a double-click on a bend takes it away</source>
        <translation>拖动连线；双击弯折点可将其去掉</translation>
    </message>
</context>
<context>
    <name>weft::StartPage</name>
    <message>
        <source>%1 parameters · %2 multiply-adds</source>
        <translation>%1 个参数 · %2 次乘加</translation>
    </message>
    <message>
        <source>Start page</source>
        <translation>起始页</translation>
    </message>
    <message>
        <source>Wire layers, train them, look at what they learnt, take them elsewhere.</source>
        <translation>连接层、训练、查看学到了什么，再带到别处使用。</translation>
    </message>
    <message>
        <source>Train LeNet now</source>
        <translation>立即训练 LeNet</translation>
    </message>
    <message>
        <source>Opens LeNet on Fashion-MNIST and trains it: about two minutes on a laptop.</source>
        <translation>打开 LeNet 与 Fashion-MNIST 并训练：在笔记本电脑上约两分钟。</translation>
    </message>
    <message>
        <source>Five-minute tour</source>
        <translation>五分钟导览</translation>
    </message>
    <message>
        <source>Empty project</source>
        <translation>空项目</translation>
    </message>
    <message>
        <source>Open a project …</source>
        <translation>打开项目…</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Show this page at the start</source>
        <translation>启动时显示此页</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>最近的项目</translation>
    </message>
    <message>
        <source>Go to the open project</source>
        <translation>转到已打开的项目</translation>
    </message>
    <message>
        <source>Templates</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>Networks that work as they are. Each brings its data or generated samples, and can be changed at will.</source>
        <translation>可以直接使用的网络。每个都自带数据或生成的样本，可随意修改。</translation>
    </message>
    <message>
        <source>%1, changed on %2</source>
        <translation>%1，修改于 %2</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n 个层</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::SubmissionDialog</name>
    <message>
        <source>Asking the target …</source>
        <translation>正在询问目标…</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>What Train submits to %1</source>
        <translation>“训练”将提交给 %1 的内容</translation>
    </message>
    <message>
        <source>Nothing has been submitted. Train makes exactly this, with an id of its own.</source>
        <translation>尚未提交任何内容。“训练”会创建完全相同的内容，但使用自己的 ID。</translation>
    </message>
    <message>
        <source>The program weft ended without a word.</source>
        <translation>程序 weft 没有任何消息就结束了。</translation>
    </message>
    <message>
        <source>Train with this script</source>
        <translation>用此脚本训练</translation>
    </message>
    <message>
        <source>Submits the project with the script as it stands here; Train itself makes the script anew</source>
        <translation>以此处的脚本提交项目；直接点“训练”则会重新生成脚本</translation>
    </message>
    <message>
        <source>Nothing has been submitted. Train makes exactly this script; you may change it and train with what stands here.</source>
        <translation>尚未提交任何内容。“训练”生成的正是此脚本；您可以修改它，并用此处的内容训练。</translation>
    </message>
</context>
<context>
    <name>weft::TargetButton</name>
    <message numerus="yes">
        <source>This CPU (%n core(s))</source>
        <translation>
            <numerusform>本机 CPU（%n 核）</numerusform>
        </translation>
    </message>
    <message>
        <source>Where training runs</source>
        <translation>训练运行的位置</translation>
    </message>
    <message>
        <source>This machine could not be asked for its devices: %1</source>
        <translation>无法查询本机的设备：%1</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Asking this machine for its devices …</source>
        <translation>正在查询本机的设备…</translation>
    </message>
    <message>
        <source>The same from a terminal:</source>
        <translation>在终端中执行同样的操作：</translation>
    </message>
    <message>
        <source>On: %1</source>
        <translation>运行于：%1</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>a device, its memory</comment>
        <translation>%1，%2</translation>
    </message>
    <message numerus="yes">
        <source>%n rank(s) on this CPU</source>
        <translation>
            <numerusform>本机 CPU 上的 %n 个进程</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of memory</source>
        <translation>内存 %1</translation>
    </message>
    <message>
        <source>This machine has one core, which the ranks would share.</source>
        <translation>本机只有一个核，各进程只能共用它。</translation>
    </message>
    <message>
        <source>Several ranks on this CPU</source>
        <translation>本机 CPU 上的多个进程</translation>
    </message>
    <message numerus="yes">
        <source>%n replica(s) in one process</source>
        <translation>
            <numerusform>一个进程中的 %n 个副本</numerusform>
        </translation>
    </message>
    <message>
        <source>driver %1</source>
        <translation>驱动 %1</translation>
    </message>
</context>
<context>
    <name>weft::TargetForecast</name>
    <message>
        <source>not known there</source>
        <translation>那里尚未知</translation>
    </message>
    <message>
        <source>Said as soon as a step has been timed on this machine.</source>
        <translation>在本机测得一步的时间后即会显示。</translation>
    </message>
    <message numerus="yes">
        <source>≈ %1 an epoch · %n rank(s)</source>
        <translation>
            <numerusform>≈ 每轮 %1 · %n 个进程</numerusform>
        </translation>
    </message>
    <message>
        <source>Training on %1 takes about %2 an epoch if each of its ranks is as fast as this machine and %3 Gbit/s link their hosts. Run, Forecast for several workers … shows other links and numbers of ranks.</source>
        <translation>如果每个进程与本机一样快，且主机之间以 %3 Gbit/s 相连，在 %1 上训练每轮约需 %2。“运行 → 多个工作进程的预测…”可查看其他链路和进程数。</translation>
    </message>
</context>
<context>
    <name>weft::TargetForm</name>
    <message>
        <source>Hosts over SSH</source>
        <translation>SSH 主机</translation>
    </message>
    <message>
        <source>Slurm</source>
        <translation>Slurm</translation>
    </message>
    <message>
        <source>Kubernetes</source>
        <translation>Kubernetes</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Runs are told apart by it, so it stays.</source>
        <translation>运行靠它区分，因此不能更改。</translation>
    </message>
    <message>
        <source>Up to 64 letters, digits, - and _.</source>
        <translation>最多 64 个字母、数字、- 和 _。</translation>
    </message>
    <message>
        <source>More settings (%1)</source>
        <translation>更多设置（%1）</translation>
    </message>
    <message>
        <source>%1 (needed)</source>
        <translation>%1（必填）</translation>
    </message>
    <message>
        <source>The target needs a name.</source>
        <translation>目标需要名称。</translation>
    </message>
    <message>
        <source>%1: this is needed.</source>
        <translation>%1：此项必填。</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>训练目标</translation>
    </message>
</context>
<context>
    <name>weft::TargetsDialog</name>
    <message>
        <source>Targets: places to train</source>
        <translation>训练目标：在哪里训练</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>训练目标</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Names another place to train</source>
        <translation>再命名一个训练的地方</translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Forgets the target; its jobs are left as they are</source>
        <translation>忘记该目标；它的作业保持原样</translation>
    </message>
    <message>
        <source>No target yet. Add hosts that ssh reaches, a Slurm cluster or a Kubernetes cluster: the same project then trains there.</source>
        <translation>还没有目标。添加 ssh 可达的主机、Slurm 集群或 Kubernetes 集群，同一个项目就能在那里训练。</translation>
    </message>
    <message>
        <source>Preview …</source>
        <translation>预览…</translation>
    </message>
    <message>
        <source>Shows the YAML, script or commands that Train would submit, and submits nothing</source>
        <translation>显示“训练”将提交的 YAML、脚本或命令，不提交任何内容</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Saves the target and asks it what is missing</source>
        <translation>保存目标并询问它缺少什么</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Keeps the target for the Studio and the command line</source>
        <translation>保存目标，供 Studio 和命令行使用</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>There is a target %1 already: take another name.</source>
        <translation>已有目标 %1：请换一个名称。</translation>
    </message>
    <message>
        <source>Testing: the target is asked, which takes some seconds …</source>
        <translation>正在测试：询问目标需要几秒钟…</translation>
    </message>
    <message>
        <source>Remove the target</source>
        <translation>移除目标</translation>
    </message>
    <message>
        <source>Forget the target %1?</source>
        <translation>忘记目标 %1？</translation>
    </message>
    <message>
        <source>Runs that it trains know it by themselves and go on.</source>
        <translation>由它训练的运行自己记得它，会继续进行。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>The target has changes that are not saved.</source>
        <translation>目标有未保存的更改。</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>weft::Tour</name>
    <message>
        <source>Leave the tour</source>
        <translation>离开导览</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>End the tour</source>
        <translation>结束导览</translation>
    </message>
</context>
<context>
    <name>weft::TourText</name>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Choose what it learns from: in the tab Data, take Fashion-MNIST, 70,000 pictures of ten kinds of clothing.</source>
        <translation>选择用什么来学习：在“数据”标签中选 Fashion-MNIST，即十类服装的 70,000 张图片。</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>No problems are left. Press Train: it learns in a process of its own, and you could go on working.</source>
        <translation>没有问题了。按“训练”：它在单独的进程中学习，您可以继续工作。</translation>
    </message>
    <message>
        <source>Watch it learn</source>
        <translation>看它学习</translation>
    </message>
    <message>
        <source>The loss falls and the accuracy grows. Blue is what it trains on, amber what it has never seen. Wait for the first epoch.</source>
        <translation>损失下降，准确率上升。蓝色是训练数据，琥珀色是它从未见过的数据。请等第一轮结束。</translation>
    </message>
    <message>
        <source>Look at its mistakes</source>
        <translation>看它的错误</translation>
    </message>
    <message>
        <source>Open the tab Predictions. It shows pictures it has not seen, and what it takes them for.</source>
        <translation>打开“预测”标签。那里显示它没见过的图片，以及它的判断。</translation>
    </message>
    <message>
        <source>This is LeNet</source>
        <translation>这就是 LeNet</translation>
    </message>
    <message>
        <source>Five epochs bring it to about 91 % right. L arranges the canvas, Ctrl+S saves, F1 explains a layer, Ctrl+Shift+P finds everything else.</source>
        <translation>训练五轮可达约 91 % 正确。L 整理画布，Ctrl+S 保存，F1 讲解层，Ctrl+Shift+P 查找其他一切。</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Every network begins where data come in. Double-click Input in the list of layers, or drag it to the canvas.</source>
        <translation>每个网络都从数据进入的地方开始。在层列表中双击“输入”，或把它拖到画布上。</translation>
    </message>
    <message>
        <source>Convolution</source>
        <translation>卷积</translation>
    </message>
    <message>
        <source>Double-click Conv2D. A layer is put behind the selected one and wired; it slides filters over the picture.</source>
        <translation>双击“二维卷积”。新的层放在所选层之后并接好线；它用卷积核扫过图片。</translation>
    </message>
    <message>
        <source>Its parameters</source>
        <translation>它的参数</translation>
    </message>
    <message>
        <source>In the properties set Filters to 20 and Kernel size to 5: it shall look for 20 patterns of 5 × 5 pixels.</source>
        <translation>在属性中把“卷积核数”设为 20，“核大小”设为 5：让它寻找 20 种 5 × 5 像素的图案。</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>Double-click ReLU. It keeps what matched and drops what did not.</source>
        <translation>双击 ReLU。它保留匹配的，丢掉不匹配的。</translation>
    </message>
    <message>
        <source>Pooling</source>
        <translation>池化</translation>
    </message>
    <message>
        <source>Double-click MaxPool2D: it halves the picture. Every wire shows the shape that flows through it.</source>
        <translation>双击“二维最大池化”：它把图片缩小一半。每条连线都显示流过它的形状。</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>再来一次</translation>
    </message>
    <message>
        <source>Add a second Conv2D: it combines the patterns of the first.</source>
        <translation>再添加一个二维卷积：它组合前一个找到的图案。</translation>
    </message>
    <message>
        <source>Set Filters to 50 and Kernel size to 5.</source>
        <translation>把“卷积核数”设为 50，“核大小”设为 5。</translation>
    </message>
    <message>
        <source>Add a ReLU behind it.</source>
        <translation>在后面添加 ReLU。</translation>
    </message>
    <message>
        <source>Add a MaxPool2D behind it.</source>
        <translation>在后面添加二维最大池化。</translation>
    </message>
    <message>
        <source>From picture to numbers</source>
        <translation>从图片到数</translation>
    </message>
    <message>
        <source>Add Flatten: each picture becomes one row of numbers.</source>
        <translation>添加“展平”：每张图片变成一行数。</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>判断</translation>
    </message>
    <message>
        <source>Add Dense: every output sees every input.</source>
        <translation>添加“全连接”：每个输出都看到每个输入。</translation>
    </message>
    <message>
        <source>Set Units to 500.</source>
        <translation>把“单元数”设为 500。</translation>
    </message>
    <message>
        <source>Add a ReLU: without it two Dense layers would act as one.</source>
        <translation>添加 ReLU：没有它，两个全连接层等同于一层。</translation>
    </message>
    <message>
        <source>Ten answers</source>
        <translation>十个答案</translation>
    </message>
    <message>
        <source>Add another Dense.</source>
        <translation>再添加一个全连接。</translation>
    </message>
    <message>
        <source>Set Units to 10: one number for each kind of clothing.</source>
        <translation>把“单元数”设为 10：每类服装一个数。</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Add CrossEntropy: it says how wrong the answers are, and training makes that small.</source>
        <translation>添加“交叉熵”：它说明答案错得多远，训练使它变小。</translation>
    </message>
</context>
<context>
    <name>weft::TrainQuestion</name>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Training would fail. Mend this first:</source>
        <translation>训练会失败。请先解决：</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Train all the same</source>
        <translation>仍然训练</translation>
    </message>
</context>
<context>
    <name>weft::TrainingPanel</name>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Mean absolute error</source>
        <translation>平均绝对误差</translation>
    </message>
    <message>
        <source>Mean squared error</source>
        <translation>均方误差</translation>
    </message>
    <message>
        <source>Press Train and the loss and accuracy grow here.</source>
        <translation>按“训练”，损失和准确率曲线将在此生长。</translation>
    </message>
    <message>
        <source>This run ended before its first point. The Log says why.</source>
        <translation>此运行在第一个数据点之前结束。原因见日志。</translation>
    </message>
    <message>
        <source>Waiting for the first point.</source>
        <translation>正在等待第一个数据点。</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>运行进度</translation>
    </message>
</context>
<context>
    <name>weft::TrainingSettingsPanel</name>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Length of a step. Too large: the loss jumps or grows. Too small: it hardly falls.</source>
        <translation>每步的长度。太大：损失跳动或增长。太小：几乎不下降。</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>Share of the last step that is kept, from 0 to below 1. Usual: 0.9.</source>
        <translation>保留上一步的比例，从 0 到小于 1。常用：0.9。</translation>
    </message>
    <message>
        <source>Nesterov</source>
        <translation>Nesterov</translation>
    </message>
    <message>
        <source>Looks ahead along the momentum before taking the gradient.</source>
        <translation>沿动量方向前瞻后再取梯度。</translation>
    </message>
    <message>
        <source>Beta 1</source>
        <translation>Beta 1</translation>
    </message>
    <message>
        <source>Memory of the mean gradient. Usual: 0.9.</source>
        <translation>平均梯度的记忆。常用：0.9。</translation>
    </message>
    <message>
        <source>Beta 2</source>
        <translation>Beta 2</translation>
    </message>
    <message>
        <source>Memory of the squared gradient. Usual: 0.999.</source>
        <translation>平方梯度的记忆。常用：0.999。</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>权重衰减</translation>
    </message>
    <message>
        <source>Pulls weights towards zero, against overfitting. 0 is off.</source>
        <translation>将权重拉向零以防过拟合。0 为关闭。</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>How often the whole training data is seen.</source>
        <translation>整个训练数据被遍历的次数。</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>Samples per step. Larger is faster and needs more memory.</source>
        <translation>每步的样本数。越大越快，但需要更多内存。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>The same seed gives the same run, to the bit.</source>
        <translation>相同的种子给出逐位相同的运行。</translation>
    </message>
    <message>
        <source>Shuffle</source>
        <translation>打乱</translation>
    </message>
    <message>
        <source>Sees the training data in a new order in every epoch.</source>
        <translation>每轮以新的顺序遍历训练数据。</translation>
    </message>
    <message>
        <source>Set %1</source>
        <translation>设置%1</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>None yet: add a loss from the palette and wire the output into it.</source>
        <translation>尚无：从面板添加损失层并将输出连接到它。</translation>
    </message>
    <message>
        <source>How weights follow their gradients. Adam adapts the step of every weight; SGD is the plain rule, with momentum if wanted. AdamW suits Transformers.</source>
        <translation>权重如何跟随梯度。Adam 为每个权重调整步长；SGD 是最基本的规则，可加动量。AdamW 适合 Transformer。</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation>Alpha</translation>
    </message>
    <message>
        <source>Memory of the squared gradient. Usual: 0.99.</source>
        <translation>平方梯度的记忆。常用：0.99。</translation>
    </message>
    <message>
        <source>Rho</source>
        <translation>Rho</translation>
    </message>
    <message>
        <source>Memory of the squared gradient. Usual: 0.9.</source>
        <translation>平方梯度的记忆。常用：0.9。</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>Schedule of the learning rate, clipping, averages, early stopping.</source>
        <translation>学习率计划、裁剪、平均与提前停止。</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>学习率计划</translation>
    </message>
    <message>
        <source>How the learning rate goes during the run.</source>
        <translation>学习率在训练中如何变化。</translation>
    </message>
    <message>
        <source>Constant</source>
        <translation>恒定</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>阶梯</translation>
    </message>
    <message>
        <source>Milestones</source>
        <translation>里程碑</translation>
    </message>
    <message>
        <source>Exponential</source>
        <translation>指数</translation>
    </message>
    <message>
        <source>Polynomial</source>
        <translation>多项式</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>余弦</translation>
    </message>
    <message>
        <source>One cycle</source>
        <translation>单周期</translation>
    </message>
    <message>
        <source>On a plateau</source>
        <translation>停滞时</translation>
    </message>
    <message>
        <source>Warm-up steps</source>
        <translation>预热步数</translation>
    </message>
    <message>
        <source>The learning rate grows from zero in so many steps. 0 is off.</source>
        <translation>学习率在这么多步内从零升起。0 表示关闭。</translation>
    </message>
    <message>
        <source>Every … epochs</source>
        <translation>每隔（轮）</translation>
    </message>
    <message>
        <source>Epochs between two falls of the learning rate.</source>
        <translation>学习率两次下降之间的轮数。</translation>
    </message>
    <message>
        <source>Epochs of the falls</source>
        <translation>下降的轮次</translation>
    </message>
    <message>
        <source>The epochs after which the learning rate falls, such as 10, 20.</source>
        <translation>学习率在哪些轮之后下降，例如 10, 20。</translation>
    </message>
    <message>
        <source>Factor</source>
        <translation>倍数</translation>
    </message>
    <message>
        <source>What the learning rate is multiplied by when it falls.</source>
        <translation>学习率下降时所乘的数。</translation>
    </message>
    <message>
        <source>Epochs of a fall</source>
        <translation>下降所需轮数</translation>
    </message>
    <message>
        <source>How long the learning rate takes to fall; 0 is the whole run.</source>
        <translation>学习率下降用多少轮；0 表示整个训练。</translation>
    </message>
    <message>
        <source>Lowest rate</source>
        <translation>最低学习率</translation>
    </message>
    <message>
        <source>The learning rate does not fall below this.</source>
        <translation>学习率不会低于此值。</translation>
    </message>
    <message>
        <source>Patience of the plateau</source>
        <translation>停滞容忍轮数</translation>
    </message>
    <message>
        <source>Epochs without improvement before the learning rate falls.</source>
        <translation>多少轮没有改善后学习率下降。</translation>
    </message>
    <message>
        <source>Clip gradients to norm</source>
        <translation>梯度范数上限</translation>
    </message>
    <message>
        <source>All gradients together are made no longer than this, against sudden jumps. 0 is off.</source>
        <translation>全部梯度的总长度不超过此值，以防突然跳变。0 表示关闭。</translation>
    </message>
    <message>
        <source>L1</source>
        <translation>L1</translation>
    </message>
    <message>
        <source>Pulls weights towards exactly zero with a constant force. 0 is off.</source>
        <translation>以恒定的力把权重拉向零。0 表示关闭。</translation>
    </message>
    <message>
        <source>Batches per update</source>
        <translation>每次更新的批数</translation>
    </message>
    <message>
        <source>Gradients of so many batches are gathered before the weights change: as one large batch.</source>
        <translation>累积这么多批的梯度后才改变权重，相当于一个大批。</translation>
    </message>
    <message>
        <source>Average of weights</source>
        <translation>权重平均</translation>
    </message>
    <message>
        <source>Memory of a moving average of the weights, such as 0.999, which then predicts. 0 is off.</source>
        <translation>权重滑动平均的记忆，例如 0.999，预测时使用它。0 表示关闭。</translation>
    </message>
    <message>
        <source>Watched metric</source>
        <translation>关注的指标</translation>
    </message>
    <message>
        <source>What the best checkpoint, early stopping and the plateau schedule go by.</source>
        <translation>最佳检查点、提前停止和停滞计划所依据的指标。</translation>
    </message>
    <message>
        <source>Accuracy or loss</source>
        <translation>准确率或损失</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Top-5 accuracy</source>
        <translation>前 5 准确率</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>Mean absolute error</source>
        <translation>平均绝对误差</translation>
    </message>
    <message>
        <source>R²</source>
        <translation>R²</translation>
    </message>
    <message>
        <source>Stop early after</source>
        <translation>提前停止</translation>
    </message>
    <message>
        <source>Ends the run after so many epochs without improvement. 0 is off.</source>
        <translation>这么多轮没有改善后结束训练。0 表示关闭。</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>幂次</translation>
    </message>
    <message>
        <source>1 falls along a line; more falls faster at first.</source>
        <translation>1 沿直线下降；更大则开始时降得更快。</translation>
    </message>
    <message>
        <source>Next fall longer by</source>
        <translation>下一次下降延长倍数</translation>
    </message>
    <message>
        <source>Each fall takes so many times as long as the one before.</source>
        <translation>每次下降所用的时间是前一次的这么多倍。</translation>
    </message>
    <message>
        <source>Share of the rise</source>
        <translation>上升所占比例</translation>
    </message>
    <message>
        <source>The part of the run in which the learning rate grows.</source>
        <translation>学习率上升的部分占整个运行的比例。</translation>
    </message>
    <message>
        <source>First divisor</source>
        <translation>起始除数</translation>
    </message>
    <message>
        <source>The run begins with the learning rate divided by this.</source>
        <translation>运行开始时的学习率是设定值除以此数。</translation>
    </message>
    <message>
        <source>Last divisor</source>
        <translation>结束除数</translation>
    </message>
    <message>
        <source>The run ends with its first rate divided by this.</source>
        <translation>运行结束时的学习率是起始学习率除以此数。</translation>
    </message>
    <message>
        <source>Improvement that counts</source>
        <translation>算作改进的幅度</translation>
    </message>
    <message>
        <source>A metric that is better by less than this share has not improved.</source>
        <translation>指标改善的比例小于此值时，不算改进。</translation>
    </message>
    <message>
        <source>Rest after a fall</source>
        <translation>下降后的间歇</translation>
    </message>
    <message>
        <source>Epochs after a fall that do not count.</source>
        <translation>下降之后不计入的轮数。</translation>
    </message>
    <message>
        <source>Clip gradients to value</source>
        <translation>按值裁剪梯度</translation>
    </message>
    <message>
        <source>No single gradient is larger than this. 0 is off.</source>
        <translation>任何一个梯度都不大于此值。0 表示关闭。</translation>
    </message>
    <message>
        <source>Epsilon</source>
        <translation>Epsilon</translation>
    </message>
    <message>
        <source>Keeps divisions by very small gradients in bounds.</source>
        <translation>使除以很小的梯度时结果不会过大。</translation>
    </message>
    <message>
        <source>Decay of the momentum</source>
        <translation>动量衰减</translation>
    </message>
    <message>
        <source>How the momentum of NAdam grows to beta 1. Usual: 0.004.</source>
        <translation>NAdam 的动量增长到 beta 1 的快慢。常用值：0.004。</translation>
    </message>
    <message>
        <source>Decay of the rate</source>
        <translation>学习率衰减</translation>
    </message>
    <message>
        <source>The rate is divided by 1 plus this times the steps done. 0 is off.</source>
        <translation>学习率除以（1 加此值乘以已完成的步数）。0 表示关闭。</translation>
    </message>
    <message>
        <source>Least improvement</source>
        <translation>最小改进</translation>
    </message>
    <message>
        <source>The watched metric has improved when it is better by more than this.</source>
        <translation>关注的指标好出此值以上才算有改进。</translation>
    </message>
    <message>
        <source>Decoupled decay</source>
        <translation>解耦衰减</translation>
    </message>
    <message>
        <source>Weight decay shrinks the weights themselves, as in AdamW, instead of adding to their gradients.</source>
        <translation>像 AdamW 那样直接缩小权重本身，而不是加到梯度上。</translation>
    </message>
    <message>
        <source>AUC</source>
        <translation>AUC</translation>
    </message>
    <message>
        <source>IoU</source>
        <translation>IoU</translation>
    </message>
    <message>
        <source>Training settings</source>
        <translation>训练设置</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Lean computes values a second time for the backward pass instead of keeping them: less memory, about a third more time, the same results.</source>
        <translation>“节省”在反向传播时再次计算中间值而不保留：内存更少，时间约多三分之一，结果相同。</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>普通</translation>
    </message>
    <message>
        <source>Lean</source>
        <translation>节省</translation>
    </message>
    <message>
        <source>Several processes</source>
        <translation>多进程</translation>
    </message>
    <message>
        <source>What counts where a run is started with several ranks.</source>
        <translation>以多个进程启动运行时有效。</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>更新方式</translation>
    </message>
    <message>
        <source>All-reduce: every rank adds up all gradients. Parameter server: rank 0 waits for the whole batch; stale synchronous: only so that no worker gets far ahead; asynchronous: it takes each gradient as it comes.</source>
        <translation>全归约：每个进程累加全部梯度。参数服务器：进程 0 等待整个批次；陈旧同步：只等到没有工作进程领先太多；异步：梯度到一个用一个。</translation>
    </message>
    <message>
        <source>All-reduce</source>
        <translation>全归约</translation>
    </message>
    <message>
        <source>Parameter server</source>
        <translation>参数服务器</translation>
    </message>
    <message>
        <source>Stale synchronous</source>
        <translation>陈旧同步</translation>
    </message>
    <message>
        <source>Asynchronous</source>
        <translation>异步</translation>
    </message>
    <message>
        <source>Staleness bound</source>
        <translation>陈旧度上限</translation>
    </message>
    <message>
        <source>Batches that a worker may be ahead of the slowest one.</source>
        <translation>工作进程最多可领先最慢者的批次数。</translation>
    </message>
    <message>
        <source>Backup workers</source>
        <translation>后备工作进程</translation>
    </message>
    <message>
        <source>So many workers take over the part of a slow one.</source>
        <translation>由这么多工作进程接替缓慢进程的部分。</translation>
    </message>
    <message>
        <source>A gradient of weights that have changed k times since counts 1 / k.</source>
        <translation>若权重此后已改变 k 次，则该梯度按 1 / k 计。</translation>
    </message>
    <message>
        <source>Shared BatchNorm</source>
        <translation>共享批归一化</translation>
    </message>
    <message>
        <source>Statistics are those of the whole batch of all ranks, which costs an exchange in every BatchNorm.</source>
        <translation>统计量取自所有进程的整个批次，每个批归一化层需要一次通信。</translation>
    </message>
    <message>
        <source>Bucket (MB)</source>
        <translation>梯度桶（MB）</translation>
    </message>
    <message>
        <source>Gradients of so many megabytes are sent to the other ranks together.</source>
        <translation>这么多兆字节的梯度一起发送给其他进程。</translation>
    </message>
    <message>
        <source>Scale the rate</source>
        <translation>放大学习率</translation>
    </message>
    <message>
        <source>Linear: with batches N times as large the learning rate is N times what is set above, reached after a warm-up.</source>
        <translation>线性：批次增大 N 倍时，学习率也是上面所设值的 N 倍，经预热后达到。</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>线性</translation>
    </message>
    <message>
        <source>Not</source>
        <translation>不放大</translation>
    </message>
    <message>
        <source>Warm-up epochs</source>
        <translation>预热轮数</translation>
    </message>
    <message>
        <source>Epochs in which the learning rate grows from what is set above to the scaled one.</source>
        <translation>学习率从上面所设的值升到放大后的值所用的轮数。</translation>
    </message>
    <message>
        <source>Gradient format</source>
        <translation>梯度的传输格式</translation>
    </message>
    <message>
        <source>Batch size of</source>
        <translation>批大小的范围</translation>
    </message>
    <message>
        <source>Of all ranks together: N ranks train as one process does, only faster. Of each rank: a step sees N times as many samples, so an epoch has fewer steps. Workers that do not wait for each other always take a batch each.</source>
        <translation>所有进程合计：N 个进程与单个进程的训练结果相同，只是更快。每个进程各自：每步看到 N 倍的样本，因此每轮的步数更少。互不等待的工作进程总是各取一批。</translation>
    </message>
    <message>
        <source>All ranks</source>
        <translation>所有进程合计</translation>
    </message>
    <message>
        <source>Each rank</source>
        <translation>每个进程各自</translation>
    </message>
    <message>
        <source>What each epoch shuffles. All samples: a rank may read any of them. Those of each rank: they stay with it, so that a host needs only its part of the data; the order is another one.</source>
        <translation>每轮打乱什么。所有样本：进程可能读取其中任何一个。各进程自己的：样本一直属于该进程，因此主机只需要它那部分数据；顺序有所不同。</translation>
    </message>
    <message>
        <source>All samples</source>
        <translation>所有样本</translation>
    </message>
    <message>
        <source>Those of each rank</source>
        <translation>各进程自己的</translation>
    </message>
    <message>
        <source>Parameter servers</source>
        <translation>参数服务器数</translation>
    </message>
    <message>
        <source>So many ranks share the weights and compute no gradients: each sends and takes only its part of them.</source>
        <translation>这么多进程分担权重、不计算梯度：每个只收发自己的那一部分。</translation>
    </message>
    <message>
        <source>Delay compensation</source>
        <translation>延迟补偿</translation>
    </message>
    <message>
        <source>Corrects a stale gradient for what the weights have changed since: λ of arXiv 1609.08326, for example 0.04. 0 does not.</source>
        <translation>按权重此后的变化修正陈旧梯度：arXiv 1609.08326 中的 λ，例如 0.04。0 表示不修正。</translation>
    </message>
    <message>
        <source>Rate by staleness</source>
        <translation>按陈旧度减小</translation>
    </message>
    <message>
        <source>How gradients are sent: 16 bits halve what goes through the network and round gradients to three (float16) or two to three (bfloat16) digits. The largest alone: for slow networks; the rest is added to the next gradient.</source>
        <translation>梯度的发送方式：16 位使网络流量减半，并把梯度舍入到三位（float16）或两到三位（bfloat16）有效数字。只发最大的：用于慢速网络，其余部分加到下一个梯度上。</translation>
    </message>
    <message>
        <source>The largest alone</source>
        <translation>只发最大的</translation>
    </message>
    <message>
        <source>Percent sent</source>
        <translation>发送百分比</translation>
    </message>
    <message>
        <source>So much of each gradient is sent: its largest numbers.</source>
        <translation>每个梯度中发送的部分：其中最大的数。</translation>
    </message>
</context>
<context>
    <name>weft::TryPane</name>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Image …</source>
        <translation>图像…</translation>
    </message>
    <message>
        <source>Train first; then draw here what the network should recognise.</source>
        <translation>请先训练；然后在此绘制要网络识别的内容。</translation>
    </message>
    <message>
        <source>Draw, or drop an image file.</source>
        <translation>绘制，或拖入图像文件。</translation>
    </message>
    <message>
        <source>Open an image</source>
        <translation>打开图像</translation>
    </message>
    <message>
        <source>Images (*.png *.jpg *.jpeg *.bmp *.gif *.webp *.tif *.tiff);;All files (*)</source>
        <translation>图像 (*.png *.jpg *.jpeg *.bmp *.gif *.webp *.tif *.tiff);;所有文件 (*)</translation>
    </message>
    <message>
        <source>%1 could not be opened: %2.</source>
        <translation>无法打开 %1：%2。</translation>
    </message>
    <message>
        <source>%1 is larger than 64 MB. Choose a smaller picture.</source>
        <translation>%1 大于 64 MB。请选择较小的图片。</translation>
    </message>
    <message>
        <source>%1 is no image that can be read.</source>
        <translation>%1 不是可读取的图像。</translation>
    </message>
    <message>
        <source>Train first; then the network says what it sees.</source>
        <translation>请先训练；然后网络会说出它看到了什么。</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Write a sentence here.</source>
        <translation>在此写一句话。</translation>
    </message>
    <message>
        <source>Write a sentence to hear what the network makes of it.</source>
        <translation>写一句话，看看网络如何判断。</translation>
    </message>
    <message>
        <source>Probabilities of the classes</source>
        <translation>各类别的概率</translation>
    </message>
</context>
<context>
    <name>weft::WeftCall</name>
    <message>
        <source>The program %1 could not be started: %2</source>
        <translation>无法启动程序 %1：%2</translation>
    </message>
</context>
<context>
    <name>weft::WirePeek</name>
    <message>
        <source>Select a wire, or a layer with one behind it.</source>
        <translation>请选择一条连线，或后面接有连线的层。</translation>
    </message>
</context>
<context>
    <name>weft::WorkerClient</name>
    <message>
        <source>The worker process ended unexpectedly. It starts again at the next request.</source>
        <translation>工作进程意外结束。下次请求时会重新启动。</translation>
    </message>
    <message>
        <source>The program %1 could not be started: %2.</source>
        <translation>程序 %1 无法启动：%2。</translation>
    </message>
    <message>
        <source>The worker process ended: %1</source>
        <translation>工作进程已结束：%1</translation>
    </message>
    <message>
        <source>The worker process does not answer.</source>
        <translation>工作进程没有响应。</translation>
    </message>
</context>
<context>
    <name>weft::WorkerTimeline</name>
    <message>
        <source>Workers over time</source>
        <translation>工作进程时间线</translation>
    </message>
    <message>
        <source>Workers are told apart where a parameter server trains: Training, Update.</source>
        <translation>用参数服务器训练时才能区分各工作进程：训练 → 更新方式。</translation>
    </message>
    <message>
        <source>Rank %1 · %2</source>
        <translation>进程 %1 · %2</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>Rank %1 on %2, %3 to %4 s: computed %5 % of it, %6 gradients, staleness %7.</source>
        <translation>%2 上的进程 %1，%3 至 %4 秒：其中 %5 % 在计算，%6 个梯度，陈旧度 %7。</translation>
    </message>
    <message>
        <source>With all-reduce the ranks take every step together and the slowest sets the pace; how long the others wait for it is not measured. With a parameter server (Training, Update) each worker is shown here over time.</source>
        <translation>使用 all-reduce 时各进程一起走每一步，由最慢的决定速度；其余进程等待多久并不测量。使用参数服务器（训练 → 更新方式）时，这里按时间显示每个工作进程。</translation>
    </message>
</context>
</TS>
