// Plans of convolutional networks for a card whose tensor cores take channels last: arrays are turned around at the ends alone.
#include <QtTest>

#include <map>

#include "core/base/error.h"
#include "core/device/device.h"
#include "core/device/reorder_cost.h"
#include "core/engine/session.h"
#include "core/project/project.h"
#include "core/training/training_graph.h"
#include "tests/unit/card.h"

using namespace weft;

namespace {

struct Turns {
    int between = 0; ///< of values and their gradients
    int ofKernels = 0; ///< of weights for the convolutions, and of their gradients for the update
    std::map<std::string, int> which;
};

/// A training step of a template in batches of two.
class TrainingPlan {
public:
    TrainingPlan(const char* name, Precision precision) :
        m_project(projectFromTemplate(name)), m_lowered(lower(m_project.network, {Mode::Train, true})), m_turnsKernels(precision == Precision::Tf32)
    {
        const TrainingGraph training = buildTrainingGraph(m_lowered, trainingSettings(m_project.training));
        SessionOptions options;
        options.device = DeviceKind::Cuda;
        options.precision = precision;
        m_session = std::make_unique<Session>(options);
        m_steps = m_session->plan(*m_lowered.graph, {2, 1, {training.metrics.loss}, true}).steps();
    }

    /// Reorders of the step. Each kernel that is wider than a point is turned for its convolutions, and its gradient back; where
    /// arrays are stored in 16 bits the casts of both do that.
    Turns turns() const
    {
        Turns turns;
        for (const PlanStep& step : m_steps) {
            if (step.op != "Reorder")
                continue;
            ++turns.between;
            ++turns.which[step.node + ": " + step.kernel];
        }
        for (const Value& variable : m_lowered.graph->variables()) {
            if (m_turnsKernels && variable.variable()->role == Role::Parameter && !isSameWithChannelsLast({DType::Float32, variable.shape().at(1)}))
                turns.ofKernels += 2;
        }
        turns.between -= turns.ofKernels;
        return turns;
    }

private:
    Project m_project;
    Lowered m_lowered;
    bool m_turnsKernels;
    std::unique_ptr<Session> m_session; ///< goes before the graph
    std::vector<PlanStep> m_steps;
};

} // namespace

class ChannelsLastTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString problem = cardProblem(); !problem.isEmpty())
            QSKIP(qPrintable(QStringLiteral("not run: ") + problem));
    }

    void arraysAreTurnedAtTheEndsAlone_data()
    {
        QTest::addColumn<int>("ends");
        // A Flatten behind the last one takes planes, and gives a gradient in planes. Pictures of several channels come in planes;
        // they are turned around as they are scaled.
        QTest::newRow("lenet") << 2;
        QTest::newRow("vgg16") << 2;
        QTest::newRow("resnet18") << 0;
        QTest::newRow("resnet50") << 0;
        QTest::newRow("inception-v3") << 0;
        QTest::newRow("mobilenet-v2") << 0;
        QTest::newRow("densenet121") << 0;
    }
    void arraysAreTurnedAtTheEndsAlone()
    {
        QFETCH(int, ends);
        for (const Precision precision : {Precision::BFloat16, Precision::Tf32}) {
            const Turns turns = TrainingPlan(QTest::currentDataTag(), precision).turns();
            QString list;
            for (const auto& [name, count] : turns.which)
                list += QStringLiteral("%1 x %2\n").arg(QString::fromStdString(name)).arg(count);
            QCOMPARE(turns.ofKernels > 0, precision == Precision::Tf32);
            QVERIFY2(turns.between == ends,
                     qPrintable(QStringLiteral("%1: %2 between: %3").arg(QLatin1String(nameOf(precision))).arg(turns.between).arg(list)));
        }
    }

    /// One picture: kernels are turned once for all runs.
    void predictionsTurnTheirPictureAlone_data()
    {
        QTest::addColumn<int>("convolutions");
        QTest::newRow("resnet50") << 53;
        QTest::newRow("inception-v3") << 94;
    }
    void predictionsTurnTheirPictureAlone()
    {
        QFETCH(int, convolutions);
        const Project project = projectFromTemplate(QTest::currentDataTag());
        const Lowered lowered = lower(project.network, {Mode::Infer, false});
        SessionOptions options;
        options.device = DeviceKind::Cuda;
        options.precision = Precision::BFloat16;
        Session session(options);
        int turned = 0, last = 0;
        for (const PlanStep& step : session.plan(*lowered.graph, {1, 1, {lowered.outputs[0].value}, false}).steps()) {
            turned += step.op == "Reorder" && step.kernel.find("(kept)") == std::string::npos ? 1 : 0;
            last += step.op.find("Conv") != std::string::npos && step.kernel.ends_with("channels-last") ? 1 : 0;
        }
        QCOMPARE(turned, 0); // as the picture is scaled
        QCOMPARE(last, convolutions);
    }

    void float32KeepsPlanes() { QVERIFY(TrainingPlan("resnet18", Precision::Float32).turns().which.empty()); }
};

QTEST_GUILESS_MAIN(ChannelsLastTest)
#include "channels_last_test.moc"
