#include <cmath>

#include <QTest>

#include "core/project/project.h"
#include "core/training/metrics.h"

using namespace weft;

namespace {

/// A network for inference with the loss `type` over `units` outputs of 2 features.
Lowered lowered(const char* type, int units, Tree::Map params = {})
{
    params.emplace_back("target", "label");
    Network network;
    network.nodes = {{"in", "in", "Input", Tree::Map{{"kind", "numbers"}, {"shape", Tree::List{2}}, {"column", "features"}}, {}},
                     {"dense", "dense", "Dense", Tree::Map{{"units", units}}, {}},
                     {"loss", "loss", type, std::move(params), {}}};
    network.wires = {{{"in", "y"}, {"dense", "x"}}, {{"dense", "y"}, {"loss", "prediction"}}};
    try {
        return lower(network, {Mode::Infer, true});
    } catch (const Error& error) {
        qFatal("%s", error.what());
    }
}

} // namespace

class TrainingMetricsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Truth 0 0 1 1 2, predictions 0 1 1 1 0; class 3 does not occur. The numbers are those that
    /// scikit-learn's definitions give by hand.
    void classesAreToldApart()
    {
        const Lowered network = lowered("CrossEntropy", 4);
        PredictionJudge judge(network, 2);
        QVERIFY(judge.isClassification());
        const std::vector<float> rows{0.7f, 0.2f, 0.1f, 0.0f, //
                                      0.3f, 0.4f, 0.2f, 0.1f, //
                                      0.1f, 0.6f, 0.3f, 0.0f, //
                                      0.2f, 0.5f, 0.3f, 0.0f, //
                                      0.5f, 0.3f, 0.2f, 0.0f};
        const std::int32_t truth[] = {0, 0, 1, 1, 2};
        judge.add(rows.data(), truth, 3);
        judge.add(rows.data() + 12, truth + 3, 2);
        const ClassificationMetrics metrics = *judge.classification();
        QCOMPARE(metrics.confusion, (std::vector<std::int64_t>{1, 1, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0}));
        QCOMPARE(metrics.topKAccuracy, 0.8);
        QCOMPARE(metrics.perClass[0].precision, 0.5);
        QCOMPARE(metrics.perClass[0].recall, 0.5);
        QCOMPARE(metrics.perClass[1].precision, 2.0 / 3);
        QCOMPARE(metrics.perClass[1].recall, 1.0);
        QCOMPARE(metrics.perClass[1].f1, 0.8);
        QCOMPARE(metrics.perClass[2].f1, 0.0);
        QCOMPARE(metrics.perClass[2].support, 1);
        QCOMPARE(metrics.precision, (0.5 + 2.0 / 3) / 3);
        QCOMPARE(metrics.recall, 0.5);
        QCOMPARE(metrics.f1, 1.3 / 3);
        QCOMPARE(metrics.perClass[1].iou, 2.0 / 3);
        QCOMPARE(metrics.iou, (1.0 / 3 + 2.0 / 3) / 3);
    }

    /// Class 1 against the others: of the 2 x 3 pairs the one with equal probabilities counts half, one is wrong.
    void areaUnderTheCurveCountsPairs()
    {
        const Lowered network = lowered("CrossEntropy", 2);
        PredictionJudge judge(network, 1);
        const std::vector<float> rows{0.9f, 0.1f, 0.6f, 0.4f, 0.65f, 0.35f, 0.6f, 0.4f, 0.2f, 0.8f};
        const std::int32_t truth[] = {0, 0, 1, 1, 0};
        judge.add(rows.data(), truth, 5);
        // Pairs that are right: 0.35 over 0.1; 0.4 over 0.1; half of 0.4 over 0.4.
        QCOMPARE(judge.classification()->perClass[1].auc, 2.5 / 6);
        QCOMPARE(judge.classification()->perClass[0].auc, 2.5 / 6);
        QCOMPARE(judge.classification()->auc, 2.5 / 6);
        PredictionJudge alone(network, 1);
        alone.add(rows.data(), truth, 1);
        QVERIFY(std::isnan(alone.classification()->auc));
    }

    void regressionIsMeasured()
    {
        const Lowered network = lowered("MeanSquaredError", 1);
        PredictionJudge judge(network);
        QVERIFY(judge.isRegression());
        const float predicted[] = {2.5f, 0.0f, 2.0f, 8.0f};
        const float truth[] = {3.0f, -0.5f, 2.0f, 7.0f};
        judge.add(predicted, truth, 4);
        // scikit-learn's documentation has this example.
        QVERIFY(std::abs(judge.regression()->meanAbsoluteError - 0.5) < 1e-12);
        QVERIFY(std::abs(judge.regression()->r2 - 0.948608137) < 1e-9);
    }

    /// 3 of 8 numbers are yes; 2 of them are found, and 1 of the others.
    void answersOfYesAndNoAreCounted()
    {
        const Lowered network = lowered("BinaryCrossEntropy", 4, {{"labels", "numbers"}});
        PredictionJudge judge(network);
        QVERIFY(judge.isYesNo() && judge.isRegression() && !judge.isClassification());
        const float predicted[] = {0.9f, 0.5f, 0.2f, 0.1f, 0.6f, 0.3f, 0.0f, 0.49f};
        const float truth[] = {1, 1, 1, 0, 0, 0, 0, 0};
        judge.add(predicted, truth, 2);
        const YesNoMetrics metrics = *judge.yesNo();
        QCOMPARE(metrics.accuracy, 6.0 / 8);
        QCOMPARE(metrics.precision, 2.0 / 3);
        QCOMPARE(metrics.recall, 2.0 / 3);
        QCOMPARE(metrics.f1, 2.0 / 3);
        QCOMPARE(metrics.iou, 2.0 / 4);
        QVERIFY(!PredictionJudge(network).yesNo());
        const float grey[] = {0.5f, 0, 0, 1};
        judge.add(predicted, grey, 1);
        QVERIFY(!judge.yesNo() && judge.regression());
        QCOMPARE(monitored(resolveMonitor("meanIou", network), judge), 0.0);
        QVERIFY(!PredictionJudge(lowered("MeanSquaredError", 1)).isYesNo());
    }

    /// One score for two classes is measured like two scores.
    void oneScoreTellsTwoClassesApart()
    {
        const Lowered network = lowered("BinaryCrossEntropy", 1);
        PredictionJudge judge(network, 1);
        QVERIFY(judge.isClassification());
        QCOMPARE(judge.outputsPerSample(), std::size_t{2});
        const std::vector<float> rows{0.9f, 0.1f, 0.6f, 0.4f, 0.2f, 0.8f};
        const std::int32_t truth[] = {0, 1, 1};
        judge.add(rows.data(), truth, 3);
        QCOMPARE(judge.classification()->confusion, (std::vector<std::int64_t>{1, 0, 1, 1}));
        QCOMPARE(judge.classification()->perClass[1].auc, 1.0);
    }

    void theMonitorFitsTheLoss()
    {
        QCOMPARE(resolveMonitor("meanIou", lowered("BinaryCrossEntropy", 4, {{"labels", "numbers"}})).key, std::string("mean_iou"));
        QCOMPARE(resolveMonitor("auto", lowered("BinaryCrossEntropy", 1)).name, std::string("accuracy"));
        QVERIFY_EXCEPTION_THROWN(resolveMonitor("meanIou", lowered("MeanSquaredError", 1)), Error);

        QCOMPARE(resolveMonitor("auto", lowered("CrossEntropy", 3)).name, std::string("accuracy"));
        QCOMPARE(resolveMonitor("auto", lowered("MeanSquaredError", 1)).name, std::string("loss"));
        QVERIFY(resolveMonitor("r2", lowered("MeanSquaredError", 1)).isHigherBetter);
        QVERIFY_EXCEPTION_THROWN(resolveMonitor("accuracy", lowered("MeanSquaredError", 1)), Error);
    }
};

QTEST_APPLESS_MAIN(TrainingMetricsTest)
#include "training_metrics_test.moc"
