#pragma once

#include <vector>

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace weft {

/// A way to train that the chooser beside Train offers.
struct TrainingPlace {
    QString id; ///< what is remembered of a choice: "cpu", "cuda:0", "ranks:4"
    QString name; ///< "This CPU (2 cores)"
    QString detail; ///< "80 GB of memory, driver 580.65"; may be empty
    QString reason; ///< why it cannot be used; empty where it can
    QStringList arguments; ///< what `weft train PROJECT` is given to train there
    QString device; ///< the device of this machine that computes; empty where it is another machine's
    qint64 ranks = 0; ///< of a target

    bool isUsable() const { return reason.isEmpty(); }
};
using TrainingPlaces = std::vector<TrainingPlace>;

/// The devices that `weft devices --json` printed. Empty when it is no such list.
TrainingPlaces devicePlaces(const QByteArray& json);
/// Several processes on this machine's `cores`: 2, 4, … up to one on each. Where they cannot be started, one place that
/// says why: `problem`, or that there is one core alone.
TrainingPlaces rankPlaces(int cores, const QString& problem);
/// The same for this machine as it is.
TrainingPlaces rankPlacesHere();

/// As many replicas in one process: in-graph replication. None where there is one core alone.
TrainingPlaces replicaPlaces(int cores);

} // namespace weft
