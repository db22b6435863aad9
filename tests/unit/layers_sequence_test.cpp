#include <cmath>
#include <set>

#include <QtTest>

#include "core/engine/session.h"
#include "tests/unit/network_builder.h"

using namespace weft;
using namespace weft::test;

namespace {

constexpr std::int64_t longest = 40;

/// Texts of up to 40 words.
Chain texts()
{
    return Chain().add("text", "Input", {{"kind", "tokens"}, {"column", "text"}, {"shape", Tree::List{longest}}, {"variableLength", true}});
}

/// The same as vectors of 8 numbers.
Chain vectors()
{
    return texts().add("embed", "Embedding", {{"vocabulary", 20}, {"dimension", 8}});
}

/// What a network gives for two texts of 5 and 9 words, padded to t words; the padding holds any words.
std::vector<float> answers(const Network& network, std::int64_t t)
{
    const Lowered lowered = lower(network, {Mode::Infer, false});
    SessionOptions options;
    options.threads = 2;
    options.seed = 4;
    Session session(options);
    const std::int32_t lengths[2] = {5, 9};
    std::vector<std::int32_t> tokens(static_cast<std::size_t>(2 * t));
    for (std::int64_t n = 0; n < 2; ++n)
        for (std::int64_t i = 0; i < t; ++i)
            tokens[static_cast<std::size_t>(n * t + i)] = static_cast<std::int32_t>((3 * n + 7 * i) % 19 + 1);
    const std::vector<const void*> feeds{tokens.data(), lengths};
    const Value output = lowered.outputs.at(0).value;
    std::vector<float> result(static_cast<std::size_t>(elementCount(output.shape().at(2, t))));
    void* const fetch = result.data();
    session.run(session.plan(*lowered.graph, {2, t, {output}}), feeds, {&fetch, 1});
    return result;
}

std::int64_t parametersOf(const Network& network, const std::string& node)
{
    return analyze(network).find(node)->parameters;
}

} // namespace

class LayersSequenceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void shapesAndParametersAreThoseOfPyTorch_data();
    void shapesAndParametersAreThoseOfPyTorch();
    void paddingChangesNothing_data();
    void paddingChangesNothing();
    void sequencesOfLayersKeepTheirLengths();
    void sinusoidalPositionsHaveTheirFormula();
    void aSequenceLongerThanTheTableIsRefused();
    void headsMustDivideTheFeatures();
    void wordsNeedAnEmbeddingFirst();
    void anEmbeddingNeedsWords();
    void aCausalBlockDoesNotSeeTheFuture();
    void dropoutsOfOneLayerDiffer();
    void attentionCountsItsProducts();
};

void LayersSequenceTest::shapesAndParametersAreThoseOfPyTorch_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("value");
    QTest::addColumn<QString>("shape");
    QTest::addColumn<int>("parameters");
    const auto row = [](const char* type, const char* key, int value, const char* shape, int parameters) {
        QTest::addRow("%s %s", type, key) << QString(type) << QString(key) << value << QString(shape) << parameters;
    };
    // sum(p.numel() for p in torch.nn.LSTM(8, 128).parameters()), and so on.
    row("SimpleRNN", "units", 128, "[N, 128]", 17664);
    row("LSTM", "units", 128, "[N, 128]", 70656);
    row("GRU", "units", 128, "[N, 128]", 52992);
    row("LSTM", "numLayers", 2, "[N, 128]", 202752);
    row("GRU", "bidirectional", 1, "[N, 256]", 105984);
    row("SimpleRNN", "returnSequence", 1, "[N, T, 128]", 17664);
    row("MeanOverTime", "", 0, "[N, 8]", 0);
    row("MaxOverTime", "", 0, "[N, 8]", 0);
    row("PositionalEncoding", "", 0, "[N, T, 8]", 0);
    row("MultiHeadAttention", "heads", 4, "[N, T, 8]", 288);
    row("TransformerEncoder", "feedForward", 32, "[N, T, 8]", 872);
    row("TransformerEncoder", "numLayers", 3, "[N, T, 8]", 105432);
}

void LayersSequenceTest::shapesAndParametersAreThoseOfPyTorch()
{
    QFETCH(QString, type);
    QFETCH(QString, key);
    QFETCH(int, value);
    QFETCH(QString, shape);
    QFETCH(int, parameters);
    const LayerSpec* layer = findLayer(type.toStdString());
    Tree::Map params;
    if (const ParamSpec* param = layer->findParam(key.toStdString()))
        params.emplace_back(param->key, param->kind == ParamKind::Boolean ? Tree(value != 0) : Tree(value));
    const Network network = vectors().add("layer", type.toStdString(), params).network;
    QCOMPARE(QString::fromStdString(outputShape(network, "layer")), shape);
    QCOMPARE(parametersOf(network, "layer"), std::int64_t(parameters));
}

void LayersSequenceTest::paddingChangesNothing_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("key");
    const auto row = [](const char* type, const char* key) { QTest::addRow("%s %s", type, key) << QString(type) << QString(key); };
    for (const char* type : {"SimpleRNN", "LSTM", "GRU"}) {
        row(type, "");
        row(type, "bidirectional");
        row(type, "returnSequence");
    }
    for (const char* type : {"MeanOverTime", "MaxOverTime", "MultiHeadAttention", "TransformerEncoder"})
        row(type, "");
}

void LayersSequenceTest::paddingChangesNothing()
{
    QFETCH(QString, type);
    QFETCH(QString, key);
    Tree::Map params;
    if (!key.isEmpty())
        params.emplace_back(key.toStdString(), true);
    Chain chain = vectors().add("place", "PositionalEncoding", {{"kind", "learned"}}).add("layer", type.toStdString(), params);
    if (outputShape(chain.network, "layer").find('T') != std::string::npos)
        chain.add("mean", "MeanOverTime");
    const std::vector<float> few = answers(chain.network, 9), many = answers(chain.network, 33);
    QCOMPARE(few.size(), many.size());
    for (std::size_t i = 0; i < few.size(); ++i)
        QVERIFY2(std::abs(few[i] - many[i]) < 1e-5f, qPrintable(QStringLiteral("%1: %2 and %3").arg(i).arg(few[i]).arg(many[i])));
}

void LayersSequenceTest::sequencesOfLayersKeepTheirLengths()
{
    Chain chain = vectors().add("place", "PositionalEncoding").add("lstm", "LSTM", {{"returnSequence", true}}).add("last", "GRU");
    chain.add("attend", "MultiHeadAttention", {{"heads", 2}}).wire("lstm.y", "attend.key");
    chain.network.wires.erase(chain.network.wires.end() - 2);
    chain.wire("place.y", "attend.query").add("blocks", "TransformerEncoder");
    const Lowered lowered = lower(chain.network, {Mode::Infer, false});
    for (const LoweredPort& port : lowered.ports)
        QCOMPARE(static_cast<bool>(port.lengths), port.port.node != "last");
    QVERIFY(analyze(chain.network).diagnostics.size() <= 3); // the open ends and the missing loss
}

void LayersSequenceTest::sinusoidalPositionsHaveTheirFormula()
{
    Chain chain = texts().add("embed", "Embedding", {{"vocabulary", 20}, {"dimension", 6}, {"deviation", 0.0}}).add("place", "PositionalEncoding");
    const std::vector<float> table = answers(chain.network, 11);
    for (std::size_t t = 0; t < 11; ++t)
        for (std::size_t i = 0; i < 6; ++i) {
            const double angle = static_cast<double>(t) / std::pow(10000.0, static_cast<double>(i / 2 * 2) / 6.0);
            QVERIFY(std::abs(table[t * 6 + i] - (i % 2 == 0 ? std::sin(angle) : std::cos(angle))) < 1e-6);
        }
}

void LayersSequenceTest::aSequenceLongerThanTheTableIsRefused()
{
    for (const char* kind : {"sinusoidal", "learned"}) {
        Chain chain = vectors().add("place", "PositionalEncoding", {{"kind", kind}, {"maxLength", longest - 1}});
        const Analysis analysis = analyze(chain.network);
        const Diagnostic* fault = find(analysis.diagnostics, "sequence.tooLong");
        QVERIFY(fault);
        QCOMPARE(fault->node, std::string("place"));
        QVERIFY(english(fault->message).find("up to 40 steps are longer than the table of 39") != std::string::npos);
        for (const Edit& edit : fault->fixes.at(0).edits)
            apply(chain.network, edit);
        QVERIFY(!find(analyze(chain.network).diagnostics, "sequence.tooLong"));
    }
}

void LayersSequenceTest::headsMustDivideTheFeatures()
{
    for (const char* type : {"MultiHeadAttention", "TransformerEncoder"}) {
        const Chain chain = vectors().add("layer", type, {{"heads", 3}});
        const Analysis analysis = analyze(chain.network);
        const Diagnostic* fault = find(analysis.diagnostics, "attention.heads");
        QVERIFY(fault);
        QCOMPARE(fault->fixes.size(), std::size_t{1});
    }
}

void LayersSequenceTest::wordsNeedAnEmbeddingFirst()
{
    for (const char* type : {"LSTM", "MeanOverTime", "TransformerEncoder"}) {
        Chain chain = texts().add("layer", type);
        const Analysis analysis = analyze(chain.network);
        const Diagnostic* fault = find(analysis.diagnostics, "type.notNumbers");
        QVERIFY(fault);
        for (const Edit& edit : fault->fixes.at(0).edits)
            apply(chain.network, edit);
        QVERIFY(!outputShape(chain.network, "layer").empty());
    }
}

void LayersSequenceTest::anEmbeddingNeedsWords()
{
    const Chain chain = Chain().add("in", "Input", {{"kind", "numbers"}, {"column", "features"}, {"shape", Tree::List{4}}}).add("embed", "Embedding");
    QVERIFY(find(analyze(chain.network).diagnostics, "type.notTokens"));
}

void LayersSequenceTest::aCausalBlockDoesNotSeeTheFuture()
{
    const auto firstSteps = [](bool isCausal, std::int64_t t) {
        Chain chain = Chain().add("in", "Input", {{"kind", "tokens"}, {"column", "text"}, {"shape", Tree::List{t}}});
        chain.add("embed", "Embedding", {{"vocabulary", 20}, {"dimension", 8}}).add("block", "TransformerEncoder", {{"causal", isCausal}});
        const std::vector<float> all = answers(chain.network, t);
        return std::vector<float>(all.begin(), all.begin() + 3 * 8);
    };
    const std::vector<float> few = firstSteps(true, 3), many = firstSteps(true, 9);
    for (std::size_t i = 0; i < few.size(); ++i)
        QVERIFY(std::abs(few[i] - many[i]) < 1e-5f);
    QVERIFY(firstSteps(false, 3) != firstSteps(false, 9));
}

void LayersSequenceTest::dropoutsOfOneLayerDiffer()
{
    const Lowered lowered = lower(vectors().add("blocks", "TransformerEncoder", {{"numLayers", 2}}).network, {Mode::Train, false});
    std::set<std::int64_t> streams;
    std::size_t dropouts = 0;
    for (const auto& op : lowered.graph->ops()) {
        if (std::string(op->spec().name) == "Dropout") {
            ++dropouts;
            streams.insert(op->attributes().integer("stream"));
        }
    }
    QCOMPARE(dropouts, std::size_t{8});
    QCOMPARE(streams.size(), dropouts);
}

void LayersSequenceTest::attentionCountsItsProducts()
{
    const Network network = vectors().add("attend", "MultiHeadAttention", {{"heads", 2}}).add("lstm", "LSTM", {{"units", 16}}).network;
    const Analysis analysis = analyze(network);
    QCOMPARE(analysis.find("attend")->multiplyAdds, 4.0 * longest * 8 * 8 + 2.0 * longest * longest * 8);
    QCOMPARE(analysis.find("lstm")->multiplyAdds, double(longest) * 64 * (8 + 16));
}

QTEST_GUILESS_MAIN(LayersSequenceTest)
#include "layers_sequence_test.moc"
