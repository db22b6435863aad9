#pragma once

#include <optional>
#include <utility>
#include <vector>

#include <QStringList>
#include <QWidget>

namespace weft {

/// Counts by true class (rows) and predicted class (columns). A click on a cell, or on the name of a
/// row, chooses it; a second click gives it up. Arrows choose the cell beside, Escape none.
class ConfusionMatrix : public QWidget {
    Q_OBJECT

public:
    struct Choice {
        std::optional<int> label;
        std::optional<int> predicted;
        friend bool operator==(const Choice&, const Choice&) = default;
    };

    explicit ConfusionMatrix(QWidget* parent = nullptr);

    /// `cells` is row-major [classes, classes].
    void setCounts(const QStringList& classNames, std::vector<int> cells);
    void setChoice(const Choice& choice);
    const Choice& choice() const { return m_choice; }
    QRectF cellRect(int label, int predicted) const;

    /// The width that lets the cells fill `height`, names of the rows included.
    int widthFor(int height) const;
    /// The height that the cells fill at this width.
    int heightFor(int width) const;
    QSize sizeHint() const override { return {300, 220}; }
    QSize minimumSizeHint() const override { return {150, 110}; }

Q_SIGNALS:
    void chosen(const weft::ConfusionMatrix::Choice& choice);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    void choose(const Choice& choice);
    Choice hit(const QPointF& point) const;
    QRectF grid() const;
    int namesWidth() const;
    int classes() const { return static_cast<int>(m_names.size()); }
    int count(int label, int predicted) const { return m_cells[static_cast<std::size_t>(label * classes() + predicted)]; }
    void paintCell(QPainter& painter, int label, int predicted, int rowSum) const;

    QStringList m_names;
    std::vector<int> m_cells;
    Choice m_choice;
};

} // namespace weft
