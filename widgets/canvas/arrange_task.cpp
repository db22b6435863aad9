#include "widgets/canvas/arrange_task.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include "widgets/canvas/network_edits.h"

namespace weft {

ArrangeTask::ArrangeTask(QObject* parent) : QObject(parent) {}

ArrangeTask::~ArrangeTask()
{
    cancel();
}

void ArrangeTask::start(const Sheet& sheet, double aspect)
{
    cancel();
    m_cancelled = std::make_shared<std::atomic<bool>>(false);
    auto copy = std::make_shared<Sheet>(sheet);
    QThreadPool::globalInstance()->start([self = QPointer<ArrangeTask>(this), copy, aspect, cancelled = m_cancelled] {
        auto positions = std::make_shared<Positions>(arranged(*copy, aspect, cancelled.get()));
        // Through the application, which outlives this object; who it is for is looked up in its own thread.
        QMetaObject::invokeMethod(
            qApp,
            [self, positions, cancelled] {
                if (!self || *cancelled)
                    return;
                self->m_cancelled.reset();
                Q_EMIT self->done(*positions);
            },
            Qt::QueuedConnection);
    });
}

void ArrangeTask::cancel()
{
    if (m_cancelled)
        *m_cancelled = true;
    m_cancelled.reset();
}

} // namespace weft
