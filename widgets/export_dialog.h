#pragma once

#include <QDialog>
#include <QProcess>

class QLabel;
class QProgressBar;
class QPushButton;

namespace weft {

/// Runs `weft export … --verify` as a process and says how it went.
class ExportDialog : public QDialog {
    Q_OBJECT

public:
    ExportDialog(const QString& runDir, const QString& file, QWidget* parent = nullptr);
    ~ExportDialog() override;

    bool isFinished() const { return m_isFinished; }
    bool isSuccessful() const { return m_isSuccessful; }

private:
    void finish(bool isSuccessful, const QString& text);

    QProcess m_process;
    QString m_file;
    QLabel* m_sign;
    QLabel* m_text;
    QProgressBar* m_bar;
    QPushButton* m_folder;
    QPushButton* m_close;
    bool m_isFinished = false;
    bool m_isSuccessful = false;
};

} // namespace weft
