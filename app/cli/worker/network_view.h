#pragma once

#include <memory>
#include <string>

#include <QJsonObject>

#include "app/cli/worker/recent.h"
#include "app/cli/worker/worker_service.h"
#include "core/data/dataset.h"
#include "core/engine/session.h"
#include "core/project/project.h"
#include "core/training/network_probe.h"

namespace weft::cli {

/// A network as it is on the canvas, with the weights that a run has by now or, where it has none that fit, those that
/// training would start from.
struct ViewedNetwork {
    Project project;
    std::string baseDir;
    std::string key; ///< changes when the network, its settings or the weights do
    std::unique_ptr<TensorFile> weights; ///< null: untrained
    std::int64_t step = -1; ///< of the weights
    std::string note; ///< why the weights of the run were not taken
};

/// Reads "project" (the text of a project file), "baseDir" and "run" of a request. Throws Error when the project or
/// its network cannot be read.
ViewedNetwork viewedNetwork(const QJsonObject& params);

/// What the canvas tells of wires and layers. Used by the worker's one thread.
class NetworkViews {
public:
    explicit NetworkViews(std::string device) : m_device(std::move(device)) {}

    /// "wire.tensor": what flowed out of "port" for the sample "index" of "split"; without a port only makes it ready.
    QJsonObject tensor(const QJsonObject& params, const ViewedNetwork& viewed, const Dataset& dataset);
    /// "network.measure": time, gradient and dead units of each node.
    QJsonObject measure(const ViewedNetwork& viewed, const Dataset& dataset, const WorkProgress& progress);

private:
    SessionOptions options(const Project& project) const;

    static constexpr std::size_t keptProbes = 2;
    std::string m_device;
    Recent<NetworkProbe> m_probes{keptProbes};
};

} // namespace weft::cli
