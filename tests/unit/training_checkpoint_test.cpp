#include <csignal>
#include <cstring>

#include <sys/resource.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/training/checkpoint.h"
#include "core/training/progress.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

SavedTensor floats(const Extents& extents, const std::vector<float>& values)
{
    SavedTensor tensor{DType::Float32, extents, std::vector<std::byte>(values.size() * sizeof(float))};
    std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
    return tensor;
}

TensorFile exampleFile()
{
    TensorFile file;
    file.metadata = {{"schema", "test"}, {"step", "12"}};
    file.tensors["param/dense/kernel"] = floats({2, 3}, {1, 2, 3, 4, 5, 6});
    file.tensors["param/dense/bias"] = floats({3}, {0.5f, -1.0f, 3e-9f});
    file.tensors["scalar"] = {DType::Float64, {}, std::vector<std::byte>(8, std::byte{1})};
    file.tensors["empty"] = {DType::UInt8, {0, 4}, {}};
    return file;
}

/// A file with this header and so many bytes of data.
QByteArray fileWith(const QByteArray& header, int dataBytes)
{
    QByteArray bytes(8, '\0');
    for (int i = 0; i < 8; ++i)
        bytes[i] = static_cast<char>(static_cast<quint64>(header.size()) >> (8 * i));
    return bytes + header + QByteArray(dataBytes, 'x');
}

} // namespace

class TrainingCheckpointTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsReadBack();
    void headerIsAlignedAndSorted();
    void damageIsNamed_data();
    void damageIsNamed();
    void everyTruncationIsRefused();
    void aFullDiskLeavesTheOldFile();
    void progressSurvivesTheMetadata();

private:
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QTemporaryDir m_folder;
};

void TrainingCheckpointTest::whatIsWrittenIsReadBack()
{
    const TensorFile file = exampleFile();
    writeTensorFile(file, path("a.safetensors").toStdString());
    const TensorFile read = readTensorFile(path("a.safetensors").toStdString());
    QCOMPARE(read.metadata, file.metadata);
    QCOMPARE(read.tensors.size(), file.tensors.size());
    for (const auto& [name, tensor] : file.tensors) {
        const SavedTensor& other = read.tensors.at(name);
        QCOMPARE(other.dtype, tensor.dtype);
        QCOMPARE(other.extents, tensor.extents);
        QCOMPARE(other.bytes, tensor.bytes);
    }
    QCOMPARE(QDir(m_folder.path()).entryList(QDir::Files), QStringList{QStringLiteral("a.safetensors")});
}

void TrainingCheckpointTest::headerIsAlignedAndSorted()
{
    writeTensorFile(exampleFile(), path("b.safetensors").toStdString());
    QFile file(path("b.safetensors"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    const int length = static_cast<unsigned char>(bytes[0]) | static_cast<unsigned char>(bytes[1]) << 8;
    QCOMPARE(length % 8, 0);
    const QByteArray header = bytes.mid(8, length);
    QVERIFY(header.startsWith("{\"__metadata__\":"));
    QVERIFY(header.indexOf("param/dense/bias") < header.indexOf("param/dense/kernel"));
    QCOMPARE(bytes.size(), 8 + length + 8 + 9 * 4);
}

void TrainingCheckpointTest::damageIsNamed_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* name, const QByteArray& bytes, const char* says) { QTest::newRow(name) << bytes << QByteArray(says); };
    row("empty", QByteArray(), "shorter");
    row("only a prefix", QByteArray(8, '\0'), "JSON");
    row("huge header", QByteArray("\xff\xff\xff\xff\xff\xff\xff\x7f", 8), "header");
    row("no JSON", fileWith("hello", 0), "JSON");
    row("a list", fileWith("[]", 0), "JSON");
    row("unknown type", fileWith(R"({"a":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}})", 1), "element type of a");
    row("no shape", fileWith(R"({"a":{"dtype":"U8","data_offsets":[0,1]}})", 1), "no shape");
    row("negative extent", fileWith(R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}})", 1), "shape of a");
    row("broken extent", fileWith(R"({"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}})", 1), "shape of a");
    row("overflowing shape", fileWith(R"({"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0), "shape of a");
    row("one offset", fileWith(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}})", 1), "offsets of a");
    row("backward offsets", fileWith(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}})", 1), "offsets of a");
    row("beyond the end", fileWith(R"({"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}})", 4), "cut off");
    row("size of another shape", fileWith(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4), "size of its shape");
    row("hole", fileWith(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2), "hole");
    row("overlap", fileWith(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})", 3),
        "overlap");
    row("left over", fileWith(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 5), "belong to no array");
    row("metadata of numbers", fileWith(R"({"__metadata__":{"step":3}})", 0), "metadata");
}

void TrainingCheckpointTest::damageIsNamed()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, says);
    writeFile(path("damaged.safetensors"), bytes);
    const std::string message = errorOf([&] { readTensorFile(path("damaged.safetensors").toStdString()); });
    QVERIFY(test::says(message, says.constData()));
    QVERIFY(test::says(message, "damaged.safetensors"));
}

void TrainingCheckpointTest::everyTruncationIsRefused()
{
    writeTensorFile(exampleFile(), path("whole.safetensors").toStdString());
    QFile file(path("whole.safetensors"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    for (qsizetype size = 0; size < bytes.size(); ++size) {
        writeFile(path("cut.safetensors"), bytes.left(size));
        QVERIFY2(!errorOf([&] { readTensorFile(path("cut.safetensors").toStdString()); }).empty(), qPrintable(QString::number(size)));
    }
}

void TrainingCheckpointTest::aFullDiskLeavesTheOldFile()
{
    const std::string name = path("kept.safetensors").toStdString();
    writeTensorFile(exampleFile(), name);
    TensorFile large = exampleFile();
    large.tensors["large"] = {DType::UInt8, {1 << 20}, std::vector<std::byte>(1 << 20)};

    // A limit on the size of files stands for the disk that is full: write() fails half way in both cases.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit small = before;
    small.rlim_cur = 100'000;
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const std::string message = errorOf([&] { writeTensorFile(large, name); });
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);

    QVERIFY(says(message, "kept.safetensors"));
    QCOMPARE(readTensorFile(name).tensors.size(), exampleFile().tensors.size());
    QVERIFY(QDir(m_folder.path()).entryList({QStringLiteral("kept*")}, QDir::Files) == QStringList{QStringLiteral("kept.safetensors")});
}

void TrainingCheckpointTest::progressSurvivesTheMetadata()
{
    TrainingProgress progress;
    progress.step = 1234;
    progress.epoch = 3;
    progress.batch = 17;
    progress.epochs = 9;
    progress.learningRate = 0.1 / 3.0;
    progress.epochSums.add(2.0 / 3.0, 11, 64);
    progress.windowSums.add(1.0 / 7.0, 5, 16);
    progress.best = 0.1 + 0.2;
    progress.bestStep = 1000;
    const TrainingProgress read = TrainingProgress::fromMetadata(progress.toMetadata());
    QCOMPARE(read.step, progress.step);
    QCOMPARE(read.epoch, progress.epoch);
    QCOMPARE(read.batch, progress.batch);
    QCOMPARE(read.epochs, progress.epochs);
    QVERIFY(read.learningRate == progress.learningRate);
    QVERIFY(read.epochSums.loss == progress.epochSums.loss);
    QVERIFY(read.windowSums.correct == progress.windowSums.correct);
    QVERIFY(read.best == progress.best);
    QCOMPARE(read.bestStep, progress.bestStep);
    QVERIFY(says(errorOf([] { TrainingProgress::fromMetadata({{"schema", "weft-checkpoint-1"}}); }), "step"));
}

QTEST_GUILESS_MAIN(TrainingCheckpointTest)
#include "training_checkpoint_test.moc"
