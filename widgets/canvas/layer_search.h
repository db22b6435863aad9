#pragma once

#include <functional>

#include <QFrame>

class QLineEdit;
class QListWidget;

namespace weft {

/// How well `text` matches what was typed: −1 for not at all; letters in order count, at the
/// beginnings of words and in a row more.
int fuzzyScore(const QString& typed, const QString& text);

/// The search that adds a layer at the cursor: type, Enter. What is used most stands first.
class LayerSearch : public QFrame {
    Q_OBJECT

public:
    enum class Filter { All, WithInput, WithOutput };

    explicit LayerSearch(QWidget* parent);

    void open(const QPoint& globalPoint, Filter filter, std::function<void(const QString& type)> onChosen);
    /// Remembers that a layer was added, for the order of later searches.
    static void countUse(const QString& type);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill();
    void choose();

    QLineEdit* m_field;
    QListWidget* m_list;
    Filter m_filter = Filter::All;
    std::function<void(const QString&)> m_onChosen;
};

} // namespace weft
