#pragma once

#include <vector>

#include <QWidget>

class QGridLayout;
class QLabel;

namespace weft {

/// Facts as two columns: what, and right-aligned how much.
class FactList : public QWidget {
    Q_OBJECT

public:
    struct Fact {
        QString label;
        QString value;
    };

    explicit FactList(QWidget* parent = nullptr);
    void show(const std::vector<Fact>& facts);

private:
    QGridLayout* m_layout;
    std::vector<std::pair<QLabel*, QLabel*>> m_rows;
};

} // namespace weft
