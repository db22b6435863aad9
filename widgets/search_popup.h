#pragma once

#include <vector>

#include <QFrame>

class QLabel;
class QLineEdit;
class QListWidget;
class QListWidgetItem;

namespace weft {

/// How well `text` matches what was typed: −1 for not at all; letters in order count, at the
/// beginnings of words and in a row more.
int fuzzyScore(const QString& typed, const QString& text);

/// A field over a list that shrinks while one types; the arrow keys and Enter choose.
class SearchPopup : public QFrame {
    Q_OBJECT

protected:
    struct Hit {
        int score = 0;
        QListWidgetItem* item = nullptr; ///< the list takes it over
    };

    SearchPopup(const QString& prompt, const QSize& size, QWidget* parent);

    /// Opens empty with the top left corner there, or as near as the screen allows.
    void openAt(const QPoint& corner);
    /// What matches, in any order.
    virtual std::vector<Hit> find(const QString& typed) const = 0;
    /// The user took this one; the popup is hidden.
    virtual void take(const QListWidgetItem& item) = 0;

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill();
    void choose();
    void step(int by);

    QLineEdit* m_field;
    QListWidget* m_list;
    QLabel* m_nothing; ///< stands in the place of a list without hits
};

} // namespace weft
