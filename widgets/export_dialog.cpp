#include "widgets/export_dialog.h"

#include <QDesktopServices>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include "widgets/runs/program.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

namespace weft {

ExportDialog::ExportDialog(const QString& runDir, const QString& file, QWidget* parent) :
    QDialog(parent), m_file(file), m_sign(new QLabel), m_text(new QLabel(tr("Writing the model and comparing it with Weft's own results …"))),
    m_bar(new QProgressBar), m_folder(new QPushButton(tr("Show in folder"))), m_close(new QPushButton(tr("Cancel")))
{
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export to ONNX"));
    setMinimumWidth(440);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_bar->setRange(0, 0);
    m_bar->setAccessibleName(windowTitle());
    m_sign->setVisible(false);
    m_folder->setVisible(false);

    auto* message = new QHBoxLayout;
    message->setSpacing(12);
    message->addWidget(m_sign, 0, Qt::AlignVCenter);
    message->addWidget(m_text, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_folder);
    buttons->addWidget(m_close);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(16);
    layout->addLayout(message);
    layout->addWidget(m_bar);
    layout->addLayout(buttons);

    connect(m_close, &QPushButton::clicked, this, &QDialog::close);
    connect(m_folder, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(m_file).absolutePath())); });
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        const QString errors = QString::fromUtf8(m_process.readAllStandardError()).trimmed();
        if (status == QProcess::NormalExit && code == 0) {
            const QString size = formatBytes(static_cast<double>(QFileInfo(m_file).size()));
            finish(true, tr("Exported and verified: %1 (%2).").arg(QFileInfo(m_file).fileName(), size));
        } else {
            finish(false, errors.isEmpty() ? tr("The export ended without a message.") : errors);
        }
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish(false, tr("The program weft could not be started. It belongs beside the Studio."));
    });
    m_process.start(weftProgram(),
                    {QStringLiteral("export"), runDir, QStringLiteral("--format"), QStringLiteral("onnx"), QStringLiteral("-o"), file,
                     QStringLiteral("--verify")});
}

ExportDialog::~ExportDialog()
{
    m_process.disconnect(this);
    m_process.kill();
    m_process.waitForFinished(1000);
}

void ExportDialog::finish(bool isSuccessful, const QString& text)
{
    m_isFinished = true;
    m_isSuccessful = isSuccessful;
    const QIcon sign = isSuccessful ? icon(QStringLiteral("check"), themeColors().accent) : icon(QStringLiteral("error"), themeColors().error);
    m_sign->setPixmap(sign.pixmap(24, 24));
    m_sign->setVisible(true);
    m_text->setText(text);
    m_bar->setVisible(false);
    m_folder->setVisible(isSuccessful);
    m_close->setText(tr("Close"));
    adjustSize();
}

} // namespace weft
