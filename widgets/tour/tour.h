#pragma once

#include <memory>

#include <QObject>
#include <QPointer>
#include <QTimer>

#include "widgets/tour/tour_steps.h"

class QFrame;
class QLabel;
class QPushButton;

namespace weft {

/// The five-minute tour: builds and trains LeNet by doing. It watches what is really on the canvas, rings
/// the place to click and goes on by itself. Lives until it is left.
class Tour : public QObject {
    Q_OBJECT

public:
    explicit Tour(MainWindow& window);
    ~Tour() override;

    /// Index of the step that is to be done.
    std::size_t step() const { return m_step; }
    std::size_t stepCount() const { return m_steps.size(); }
    /// Ends the tour; the project stays as it is.
    void leave();
    QFrame* bubble() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildBubble();
    void look();
    void show();
    void place();

    MainWindow& m_window;
    std::vector<TourStep> m_steps;
    std::size_t m_step = 0;
    std::size_t m_furthest = 0; ///< what was done stays done once training has begun
    QTimer m_timer;
    QPointer<QFrame> m_bubble;
    QPointer<QWidget> m_ring;
    QLabel* m_count = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_text = nullptr;
    QPushButton* m_leave = nullptr;
};

} // namespace weft
