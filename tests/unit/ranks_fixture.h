#pragma once

#include <memory>
#include <vector>

#include <QJsonArray>
#include <QTemporaryDir>

#include "core/device/collectives.h"
#include "core/training/distributed/rank_orders.h"
#include "core/training/distributed/thread_ranks.h"
#include "core/training/epoch_runner.h"
#include "tests/unit/training_fixtures.h"

namespace weft::test {

inline constexpr int epochs = 2;

/// What a run saw: the loss of every step, then validation.
struct Losses {
    std::vector<double> steps;
    std::vector<double> validation;
    std::int64_t samples = 0;
    QJsonArray workers; ///< as events tell of them
};

inline void runEpochs(EpochRunner& runner, double rate, Losses& losses)
{
    runner.shareVariables();
    std::int64_t step = 0;
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        runner.startEpoch(epoch, 0);
        for (std::int64_t batch = 0; batch < runner.stepsPerEpoch(); ++batch) {
            const BatchResult result = runner.step(++step, rate);
            losses.steps.push_back(result.loss);
            losses.samples += result.samples;
            for (const QJsonValue& worker : runner.takeWorkers())
                losses.workers.append(worker);
        }
        losses.validation.push_back(runner.validate()->sums.meanLoss());
    }
    runner.dismissRanks();
}

/// Small pictures, trained by any number of ranks, which are threads.
class PicturesForRanks {
protected:
    PicturesForRanks()
    {
        writePictures(m_folder.path());
        m_project = parseProject(pictureProject(m_folder.path()), "pictures.weft");
        // The gradient of a bias before BatchNorm is rounding alone, which Adam would make steps of.
        for (Node& node : m_project.network.nodes) {
            if (node.id == "conv")
                node.params["useBias"] = false;
        }
        m_dataset = openDataset(m_project.data, {});
    }

    TrainingJob job(const Tree& settings) const
    {
        TrainingJob job;
        job.network = m_project.network;
        Tree training = m_project.training;
        for (const auto& [key, value] : settings.map())
            training[key] = value;
        job.settings = trainingSettings(training);
        job.dataset = m_dataset.get();
        return job;
    }

    SessionOptions ofOne() const
    {
        SessionOptions session;
        session.threads = 1;
        session.device = m_device;
        return session;
    }

    /// Each rank has a card of its own.
    SessionOptions ofRank(Collectives& own) const
    {
        SessionOptions session = ofOne();
        session.collectives = &own;
        session.deviceIndex = m_device == DeviceKind::Cuda ? own.rank() : 0;
        return session;
    }

    Losses train(const TrainingJob& job, int ranks) const
    {
        Losses losses;
        if (ranks == 1) {
            EpochRunner runner(job, ofOne());
            runEpochs(runner, job.settings.learningRate, losses);
            return losses;
        }
        ThreadRanks(ranks).run([&](Collectives& own) {
            const SessionOptions options = ofRank(own);
            if (own.rank() != 0)
                return trainBesideLeader(job, options, [] {});
            EpochRunner runner(job, options);
            runEpochs(runner, job.settings.learningRate, losses);
        });
        return losses;
    }

    const DeviceKind m_device = testDevice();
    QTemporaryDir m_folder;
    Project m_project;
    std::unique_ptr<Dataset> m_dataset;
};

} // namespace weft::test
