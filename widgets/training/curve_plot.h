#pragma once

#include <memory>
#include <optional>

#include <QWidget>

#include "widgets/training/curves.h"

namespace weft {

/// One plot of a run: training solid and smoothed over its faint raw line, validation dashed, the best
/// epoch marked, the values under the cursor. The wheel zooms, dragging moves, a double click fits.
class CurvePlot : public QWidget {
    Q_OBJECT

public:
    explicit CurvePlot(const QString& title, QWidget* parent = nullptr);
    ~CurvePlot() override;

    void setTitle(const QString& title);
    /// Takes over what is new in `curves` and draws it soon: at once when nothing was drawn lately, else
    /// within 50 ms.
    void take(const Curves::Pair& curves, std::optional<double> best);
    /// Draws now, for pictures and tests.
    void drawNow();
    /// Puts the cursor at `x` epochs (a mouse move does the same); nothing hides it.
    void setCursorAt(std::optional<double> x);
    /// "epoch 2.35 · train 0.312 · validation 0.334", empty without a cursor.
    QString cursorText() const;
    /// Raw points in the picture as it was drawn last.
    int drawnPoints() const;
    /// The highest value that the plot has room for.
    double upperValue() const;

    QSize minimumSizeHint() const override { return {220, 120}; }
    QSize sizeHint() const override { return {480, 220}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void colour();
    void requestDraw();
    void fit();

    struct Private;
    std::unique_ptr<Private> m_private;
};

} // namespace weft
