// What update rules do with a slow worker where workers compute on cards: a real run under mpirun, whose ranks wait before they
// send a gradient, as for a card, and leave the cores to the others.
//   slow_worker_bench PROJECT RUN-DIR MS SLOW-MS     rank 1 takes SLOW-MS for a gradient, the others MS, but a server none;
// rank 0 prints updates a second.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <QJsonObject>

#include "core/data/dataset.h"
#include "core/device/collectives.h"
#include "core/project/project.h"
#include "core/training/distributed/batch_of_ranks.h"
#include "core/training/distributed/rank_orders.h"
#include "core/training/distributed/rank_report.h"
#include "core/training/trainer.h"

using namespace weft;

namespace {

using Clock = std::chrono::steady_clock;
constexpr int firstCounted = 20;
constexpr int lastCounted = 220;

/// The ranks of a job, of which this one has its gradients from a card: they are there `milliseconds` after the weights were.
class RankWithCard : public Collectives {
public:
    RankWithCard(Collectives& ranks, double milliseconds) : m_ranks(ranks), m_computing(std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double, std::milli>(milliseconds))) {}

    int rank() const override { return m_ranks.rank(); }
    int size() const override { return m_ranks.size(); }
    void startSum(float* data, std::int64_t count, WireFormat format) override
    {
        std::this_thread::sleep_until(m_hasWeights + m_computing);
        m_ranks.startSum(data, count, format);
    }
    void finishSum(const float* data) override
    {
        m_ranks.finishSum(data);
        m_hasWeights = Clock::now();
    }
    void sum(std::span<double> numbers) override { m_ranks.sum(numbers); }
    void broadcast(std::vector<std::byte>& bytes) override { m_ranks.broadcast(bytes); }
    std::vector<std::string> gather(const std::string& text) override { return m_ranks.gather(text); }
    void send(int to, std::span<const double> head, std::span<const float> body) override
    {
        std::this_thread::sleep_until(m_hasWeights + m_computing);
        m_ranks.send(to, head, body);
    }
    int receive(std::vector<double>& head, std::vector<float>& body) override
    {
        const int from = m_ranks.receive(head, body);
        m_hasWeights = Clock::now();
        return from;
    }
    void abandon(int exitCode) override { m_ranks.abandon(exitCode); }

private:
    Collectives& m_ranks;
    Clock::duration m_computing;
    Clock::time_point m_hasWeights;
};

double updatesPerSecond(TrainingJob job, const std::string& folder, const SessionOptions& session)
{
    Clock::time_point first, last;
    std::atomic<bool> isEnough = false;
    TrainingOptions options;
    options.runDir = folder;
    options.session = session;
    options.stopRequested = &isEnough;
    options.onEvent = [&](const QJsonObject& event) {
        if (event.value(QStringLiteral("event")).toString() != QStringLiteral("batch"))
            return;
        const int step = event.value(QStringLiteral("step")).toInt();
        if (step == firstCounted)
            first = Clock::now();
        if (step == lastCounted)
            last = Clock::now();
        isEnough = step >= lastCounted;
    };
    train(job, options);
    return (lastCounted - firstCounted) / std::chrono::duration<double>(last - first).count();
}

} // namespace

int main(int count, char** words)
{
    if (count != 5) {
        std::fputs("slow_worker_bench PROJECT RUN-DIR MS SLOW-MS\n", stderr);
        return 2;
    }
    std::unique_ptr<Collectives> ranks;
    try {
        ranks = joinRanks({});
        const Project project = readProject(words[1]);
        const std::unique_ptr<Dataset> dataset = openDataset(project.data, {});
        TrainingJob job;
        job.network = project.network;
        job.settings = trainingSettings(project.training);
        job.dataset = dataset.get();
        job.snapshot = formatProject(project);
        job.projectId = project.id;
        SessionOptions session;
        session.threads = 1;
        RankWithCard worker(*ranks, std::atof(words[ranks->rank() == 1 ? 4 : 3]));
        session.collectives = job.settings.distributed.isServer(ranks->rank()) ? ranks.get() : &worker;
        if (ranks->rank() == 0) {
            std::printf("%.2f\n", updatesPerSecond(job, words[2], session));
            return 0;
        }
        const std::int64_t batch = globalBatchSize(job.settings, ranks.get(), dataset->size(Split::Train));
        return followAndReport(worker, batch, [&](const auto& ready) { trainBesideLeader(job, session, ready); }) ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        if (ranks)
            ranks->abandon(1);
        return 1;
    }
}
