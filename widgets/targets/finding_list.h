#pragma once

#include <QByteArray>
#include <QString>
#include <QWidget>

class QVBoxLayout;

namespace weft {

/// What `weft target test NAME --json` said, one row a check: what is as it should be, what is missing and what to do.
class FindingList : public QWidget {
    Q_OBJECT

public:
    explicit FindingList(QWidget* parent = nullptr);

    void clear();
    void showNote(const QString& text);
    /// `fault` is what the program complained of; it counts where `json` is no report.
    void showReport(const QByteArray& json, const QString& fault);
    /// "Ready: nothing is missing."
    QString summary() const { return m_summary; }

private:
    void addRow(const QString& state, const QString& text);
    void addHeading(const QString& text);

    QVBoxLayout* m_rows;
    QString m_summary;
};

} // namespace weft
