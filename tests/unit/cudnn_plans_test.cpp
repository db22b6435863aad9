#include <QTest>

#include <sstream>

#include <dlfcn.h>

#include "core/ops/attention/attention_graph.h"
#include "core/ops/conv/conv_graph.h"

using namespace weft;

namespace {

/// A card as cuDNN describes one, by NVIDIA's data sheets.
struct Card {
    const char* name;
    int capability; ///< 90 for 9.0
    int processors;
    int sharedKiB; ///< that a block can have
    double memoryGB;
    int clockMHz, memoryMHz;
    double cacheMB;

    std::string description() const
    {
        std::ostringstream json;
        json << R"({"deviceName": ")" << name << R"(", "deviceVer": )" << capability * 10 << R"(, "driverVer": 13000, "cudaDeviceId": 0, )"
             << R"("pciDeviceId": 0, "isTccDriver": 0, "supportCoopLaunch": 1, "maxGridSize": [2147483647, 65535, 65535], )"
             << R"("maxBlockSize": [1024, 1024, 64], "regsPerBlock": 65536, "warpSize": 32, "maxSharedMemoryPerBlock": 49152, )"
             << R"("reservedSharedMemoryPerBlock": 1024, "maxRegistersPerSM": 65536, "maxThreadsPerBlock": 1024, )"
             << R"("maxSharedMemoryPerBlockOptin": )" << sharedKiB * 1024 << R"(, "multiProcessorCount": )" << processors << R"(, "maxCtasPerSM": )"
             << (capability == 75 || capability == 86 ? 16 : 32) << R"(, "maxThreadsPerSM": )"
             << (capability == 75                                                ? 1024
                     : capability == 86 || capability == 89 || capability == 120 ? 1536
                                                                                 : 2048)
             << R"(, "totalGlobalMem": )" << static_cast<std::int64_t>(memoryGB * 1e9) << R"(, "smClockRateKHz": )" << clockMHz * 1000
             << R"(, "memClockRateKHz": )" << memoryMHz * 1000 << R"(, "l2CacheSize": )" << static_cast<std::int64_t>(cacheMB * 1048576) << "}";
        return json.str();
    }
};

const std::vector<Card> cards{
    {"Tesla T4", 75, 40, 64, 16, 1590, 5001, 4},
    {"NVIDIA A100-SXM4-80GB", 80, 108, 163, 80, 1410, 1593, 40},
    {"NVIDIA GeForce RTX 3090", 86, 82, 99, 24, 1695, 9751, 6},
    {"NVIDIA GeForce RTX 4090", 89, 128, 99, 24, 2520, 10501, 72},
    {"NVIDIA H100 80GB HBM3", 90, 132, 227, 80, 1980, 2619, 50},
    {"NVIDIA B200", 100, 148, 227, 180, 1965, 3996, 126},
    {"NVIDIA GeForce RTX 5090", 120, 170, 99, 32, 2407, 14001, 96},
};

DnnDescriptor propertiesOf(const Card& card)
{
    const std::string json = card.description();
    DnnDescriptor properties(CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);
    properties.set(CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION, std::span<const char>(json.data(), json.size())).finish();
    return properties;
}

/// A convolution of [samples, channels, extent, extent], padded behind as much as makes `out`.
struct Convolution {
    const char* name;
    std::int64_t samples, channels, extent, filters, taps, stride, pad, groups, out;

    ConvSizes sizes() const
    {
        const Attributes attributes{{"groups", groups},
                                    {"strides", std::vector<std::int64_t>{stride, stride}},
                                    {"padBegin", std::vector<std::int64_t>{pad, pad}},
                                    {"dilations", std::vector<std::int64_t>{1, 1}}};
        return {{samples, channels, extent, extent}, {filters, channels / groups, taps, taps}, {samples, filters, out, out}, attributes};
    }
};

const std::vector<Convolution> convolutions{
    {"LeNet's first", 256, 1, 28, 6, 5, 1, 2, 1, 28},
    {"ResNet-50's first", 256, 3, 224, 64, 7, 2, 3, 1, 112},
    {"ResNet-50, 1x1", 256, 256, 56, 64, 1, 1, 0, 1, 56},
    {"ResNet-50, 3x3", 256, 128, 28, 128, 3, 1, 1, 1, 28},
    {"ResNet-50, 3x3 by 2", 256, 128, 56, 128, 3, 2, 1, 1, 28},
    {"ResNet-50, 1x1 by 2", 256, 256, 56, 512, 1, 2, 0, 1, 28},
    {"Inception-v3's first", 128, 3, 299, 32, 3, 2, 0, 1, 149},
    {"Inception-v3, 5x5", 128, 48, 35, 64, 5, 1, 2, 1, 35},
    {"padded behind alone", 64, 32, 112, 64, 3, 2, 0, 1, 56},
    {"of each channel", 64, 96, 56, 96, 3, 1, 1, 96, 56},
    {"in groups", 64, 128, 28, 128, 3, 1, 1, 4, 28},
    {"of odd sizes", 7, 5, 13, 9, 3, 2, 1, 1, 7},
    {"of one sample", 1, 64, 56, 64, 3, 1, 1, 1, 56},
};

struct Storage {
    const char* name;
    ConvStorage storage;
};

const std::vector<Storage> storages{
    {"float32", {DType::Float32, Precision::Float32, Layout::RowMajor}},
    {"TF32", {DType::Float32, Precision::Tf32, Layout::ChannelsLast}},
    {"float32 to float16", {DType::Float32, Precision::Float16, Layout::ChannelsLast}},
    {"float16", {DType::Float16, Precision::Float16, Layout::ChannelsLast}},
    {"bfloat16", {DType::BFloat16, Precision::BFloat16, Layout::ChannelsLast}},
    {"bfloat16 in planes", {DType::BFloat16, Precision::BFloat16, Layout::RowMajor}},
};

/// What cuDNN would run on a card that is not there: its rules choose by properties alone.
std::optional<DnnPlan> planFor(const DnnDescriptor& properties, const DnnGraph& graph, const DnnRules& rules)
{
    return DnnProposals(graph, {nullptr, &properties}, rules).firstPlan();
}

} // namespace

/// Asks the real cuDNN for cards that it knows: whether it has a way for what we ask of it. Nothing is run.
class CudnnPlansTest : public QObject {
    Q_OBJECT
private slots:
    void everyConvolutionHasAPlan_data();
    void everyConvolutionHasAPlan();
    void fullFloatsStayAwayFromTensorCores();
    void attentionHasAPlan_data();
    void attentionHasAPlan();
};

void CudnnPlansTest::everyConvolutionHasAPlan_data()
{
    QTest::addColumn<std::size_t>("card");
    QTest::addColumn<std::size_t>("storage");
    for (std::size_t card = 0; card < cards.size(); ++card) {
        for (std::size_t storage = 0; storage < storages.size(); ++storage) {
            if (storages[storage].storage.type != DType::BFloat16 || cards[card].capability >= 80)
                QTest::addRow("%s, %s", cards[card].name, storages[storage].name) << card << storage;
        }
    }
}

void CudnnPlansTest::everyConvolutionHasAPlan()
{
    QFETCH(std::size_t, card);
    QFETCH(std::size_t, storage);
    const ConvStorage stored = storages[storage].storage;
    const DnnDescriptor properties = propertiesOf(cards[card]);
    const auto has = [&](const Convolution& one, ConvPass pass, const ConvEnding& ending, const char* what) {
        const std::optional<DnnPlan> plan = planFor(properties, convGraph(pass, one.sizes(), stored, ending), convRules(stored));
        QVERIFY2(plan, qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(one.name), QLatin1String(what))));
    };
    for (const Convolution& one : convolutions) {
        has(one, ConvPass::Forward, {}, "forward");
        has(one, ConvPass::Forward, {true, false, false}, "with bias");
        has(one, ConvPass::Forward, {true, false, true}, "with bias and ReLU");
        has(one, ConvPass::Forward, {true, true, true}, "with bias, an addend and ReLU");
        has(one, ConvPass::InputGradient, {}, "gradient of x");
        has(one, ConvPass::KernelGradient, {}, "gradient of the kernel");
    }
}

/// TF32 has another way than float32, which may not round.
void CudnnPlansTest::fullFloatsStayAwayFromTensorCores()
{
    const DnnDescriptor properties = propertiesOf(cards[4]);
    ConvStorage stored{DType::Float32, Precision::Float32, Layout::ChannelsLast};
    const DnnGraph graph = convGraph(ConvPass::Forward, convolutions[3].sizes(), stored);
    const std::optional<DnnPlan> full = planFor(properties, graph, convRules(stored));
    stored.precision = Precision::Tf32;
    const std::optional<DnnPlan> rounded = planFor(properties, graph, convRules(stored));
    QVERIFY(full && rounded);
    QVERIFY(full->text() != rounded->text());
}

void CudnnPlansTest::attentionHasAPlan_data()
{
    QTest::addColumn<std::size_t>("card");
    QTest::addColumn<bool>("isMasked");
    QTest::addColumn<double>("rate");
    QTest::addColumn<bool>("byPosition");
    const std::size_t a100 = 1, h100 = 4;
    QTest::newRow("A100, with all") << a100 << true << 0.1 << false;
    QTest::newRow("H100") << h100 << false << 0.0 << false;
    QTest::newRow("H100, with dropout") << h100 << false << 0.1 << false;
    QTest::newRow("H100, with masks") << h100 << true << 0.0 << false;
    QTest::newRow("H100, with all") << h100 << true << 0.1 << false;
    QTest::newRow("A100, with all, by position") << a100 << true << 0.1 << true;
    QTest::newRow("H100, by position") << h100 << false << 0.0 << true;
    QTest::newRow("H100, with all, by position") << h100 << true << 0.1 << true;
}

/// Of a Transformer of width 768 with 12 heads. cuDNN compiles for it, and reads again what it wrote down.
void CudnnPlansTest::attentionHasAPlan()
{
    QFETCH(std::size_t, card);
    QFETCH(bool, isMasked);
    QFETCH(double, rate);
    QFETCH(bool, byPosition);
    if (!dlopen("libcuda.so.1", RTLD_NOW))
        QSKIP("not run: cuDNN compiles nothing where there is no library of a driver");
    const Array matrices{nullptr, {DType::BFloat16, {32, 12, 512, 64}}, Layout::RowMajor};
    const Attributes attributes{{"scale", 0.125}, {"causal", isMasked}, {"rate", rate}, {"stream", std::int64_t(7)}, {"byPosition", byPosition}};
    const AttentionSizes sizes(matrices, matrices, matrices, nullptr, attributes);
    const DnnDescriptor properties = propertiesOf(cards[card]);
    for (const DnnGraph& graph : {attentionGraph(sizes, DType::BFloat16, isMasked), attentionGradientGraph(sizes, DType::BFloat16, isMasked)}) {
        const std::optional<DnnPlan> plan = planFor(properties, graph, {.mayRound = true});
        QVERIFY(plan && plan->isCompiled());
        const std::optional<DnnPlan> read = DnnPlan::fromText(plan->text(), {nullptr, &properties});
        QVERIFY(read && !read->isCompiled());
        QCOMPARE(read->scratchBytes(), plan->scratchBytes());
        QVERIFY(!DnnPlan::fromText(plan->text().substr(0, 1000), {nullptr, &properties}));
    }
}

QTEST_GUILESS_MAIN(CudnnPlansTest)
#include "cudnn_plans_test.moc"
