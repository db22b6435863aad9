#pragma once

#include <vector>

#include <QPointF>
#include <QString>
#include <QTimer>
#include <QWidget>

class QCPAxis;
class QCustomPlot;

namespace weft {

/// A named line of a plot; the name stands at its end and in the legend.
struct PlotLine {
    QString name;
    std::vector<QPointF> points; ///< by x
};

/// A few lines over one axis, told apart by colour and by dashes. Draws what it is given some time after it was, and while
/// it is seen.
class LinePlot : public QWidget {
    Q_OBJECT

public:
    LinePlot(const QString& xTitle, const QString& yTitle, QWidget* parent = nullptr);

    /// The x axis counts in powers of two: 1, 2, 4, …
    void setDoubling();
    /// The names of the lines stand below, for lines that begin at the top.
    void setLegendBelow();
    void setLines(std::vector<PlotLine> lines);
    /// Crosses beside the lines, each with a name that shows under the mouse.
    void setMarks(std::vector<PlotLine> marks);
    const std::vector<PlotLine>& lines() const { return m_lines; }
    /// Lines in the picture as it was drawn last.
    int drawnLines() const;

    QSize minimumSizeHint() const override { return {140, 90}; }
    QSize sizeHint() const override { return {420, 220}; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void requestDraw();
    void colour();
    void draw();
    void showValueAt(const QPoint& place);

    QCustomPlot* m_plot;
    std::vector<PlotLine> m_lines;
    std::vector<PlotLine> m_marks;
    bool m_isDoubling = false;
    QTimer m_timer; ///< what comes faster than eyes is drawn once
};

} // namespace weft
