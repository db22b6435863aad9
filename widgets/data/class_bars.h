#pragma once

#include <vector>

#include <QStringList>
#include <QWidget>

namespace weft {

/// A row a class: its name, a bar, its number. For class counts and for probabilities.
class ClassBars : public QWidget {
    Q_OBJECT

public:
    struct Row {
        QString name;
        double share = 0; ///< length of the bar, 0 to 1
        QString text; ///< at the right: "6,000", "93 %"
        bool isMarked = false;
    };

    explicit ClassBars(QWidget* parent = nullptr);

    void setRows(std::vector<Row> rows);
    const std::vector<Row>& rows() const { return m_rows; }
    /// The row under a point, −1 for none.
    int rowAt(int y) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {120, sizeHint().height()}; }

Q_SIGNALS:
    void clicked(int row);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    std::vector<Row> m_rows;
};

} // namespace weft
