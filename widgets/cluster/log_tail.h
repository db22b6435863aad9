#pragma once

#include <QPlainTextEdit>
#include <QTimer>

namespace weft {

/// The end of a text file that grows, as it grows. Stays at the end unless the user looks further up.
class LogTail : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit LogTail(QWidget* parent = nullptr);

    /// Shows another file; an empty path shows none.
    void setFile(const QString& path);
    QString file() const { return m_path; }
    void read();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QString m_path;
    qint64 m_known = 0; ///< bytes of the file that are shown
    QTimer m_timer;
};

} // namespace weft
