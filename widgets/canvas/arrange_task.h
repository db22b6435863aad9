#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <unordered_map>

#include <QObject>
#include <QPointF>

#include "core/network/network.h"

namespace weft {

/// Works out where the nodes of a sheet should lie, off the GUI thread.
class ArrangeTask : public QObject {
    Q_OBJECT

public:
    using Positions = std::unordered_map<std::string, QPointF>;

    explicit ArrangeTask(QObject* parent);
    ~ArrangeTask() override;

    /// Begins anew; an earlier one that still runs is given up.
    void start(const Sheet& sheet, double aspect);
    /// Gives up; nothing is told.
    void cancel();
    bool isRunning() const { return m_cancelled != nullptr; }

Q_SIGNALS:
    void done(const weft::ArrangeTask::Positions& positions);

private:
    std::shared_ptr<std::atomic<bool>> m_cancelled; ///< of the one that runs
};

} // namespace weft
