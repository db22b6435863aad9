#pragma once

#include <vector>

#include <QFrame>

class QHBoxLayout;

namespace weft {

/// The way into the block that the canvas shows, "lenet › stage1 › conv": each part leads back to its sheet.
/// Hidden while the network's own sheet is shown.
class BlockTrail : public QFrame {
    Q_OBJECT

public:
    explicit BlockTrail(QWidget* canvas);
    /// The network's name and those of the instances, from the outside in.
    void setNames(const QStringList& names);

Q_SIGNALS:
    /// The sheet so many blocks deep is wanted, 0 for the network's own.
    void chosen(std::size_t depth);

private:
    QHBoxLayout* m_layout;
};

} // namespace weft
