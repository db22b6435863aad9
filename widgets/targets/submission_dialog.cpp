#include "widgets/targets/submission_dialog.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "widgets/keep_geometry.h"
#include "widgets/project_document.h"
#include "widgets/runs/launch.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"

namespace weft {

SubmissionDialog::SubmissionDialog(const ProjectDocument& document, const QString& target, QWidget* parent) :
    QDialog(parent), m_note(new QLabel(tr("Asking the target …"))), m_text(new QPlainTextEdit),
    m_copy(new QPushButton(icon(QStringLiteral("copy")), tr("Copy"))), m_train(new QPushButton(tr("Train with this script")))
{
    setObjectName(QStringLiteral("submissionDialog"));
    setWindowTitle(tr("What Train submits to %1").arg(target));
    resize(760, 620);
    m_note->setObjectName(QStringLiteral("note"));
    m_note->setProperty("role", "secondary");
    m_note->setWordWrap(true);
    m_text->setObjectName(QStringLiteral("submission"));
    m_text->setAccessibleName(windowTitle());
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_copy->setObjectName(QStringLiteral("copy"));
    m_copy->setEnabled(false);
    m_copy->setAutoDefault(false);
    m_train->setObjectName(QStringLiteral("trainByScript"));
    m_train->setToolTip(tr("Submits the project with the script as it stands here; Train itself makes the script anew"));
    m_train->setAutoDefault(false);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->addButton(m_copy, QDialogButtonBox::ActionRole);
    buttons->addButton(m_train, QDialogButtonBox::ActionRole);
    m_train->hide(); // the box shows what it is given
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(10);
    layout->addWidget(m_note);
    layout->addWidget(m_text, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(text()); });
    connect(m_train, &QPushButton::clicked, this, [this, target] {
        accept();
        Q_EMIT trainRequested(target, text());
    });
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] { m_train->setEnabled(!text().trimmed().isEmpty()); });
    connect(&m_call, &WeftCall::ended, this, &SubmissionDialog::show);
    keepGeometry(this);
    try {
        const QString snapshot = writeSnapshot(document.project(), document.displayName(), document.baseDir(), m_folder.path());
        m_call.start({QStringLiteral("train"), snapshot, QStringLiteral("--target"), target, QStringLiteral("--dry-run")});
    } catch (const Error& error) {
        show({-1, {}, translated(error.message())});
    }
}

QString SubmissionDialog::text() const
{
    return m_text->toPlainText();
}

void SubmissionDialog::show(const WeftAnswer& answer)
{
    const bool isGood = answer.code == 0;
    m_text->setPlainText(isGood ? QString::fromUtf8(answer.output) : QString());
    m_copy->setEnabled(isGood);
    // YAML and commands are not one thing that runs.
    const bool isScript = isGood && answer.output.startsWith("#!");
    m_text->setReadOnly(!isScript);
    m_train->setVisible(isScript);
    m_note->setText(isScript                      ? tr("Nothing has been submitted. Train makes exactly this script; you may change it and train with what stands here.")
                        : isGood                  ? tr("Nothing has been submitted. Train makes exactly this, with an id of its own.")
                        : answer.errors.isEmpty() ? tr("The program weft ended without a word.")
                                                  : answer.errors);
}

} // namespace weft
