#include "widgets/problems/train_question.h"

#include <algorithm>

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/problems/problem_card.h"
#include "widgets/project_document.h"

namespace weft {
namespace {

constexpr std::size_t mostCards = 5;
constexpr int leastWidth = 480;

} // namespace

TrainQuestion::TrainQuestion(const std::vector<Diagnostic>& faults, bool mayInsist, ProjectDocument* document, QWidget* parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("trainQuestion"));
    setWindowTitle(tr("Training"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(10);
    auto* text = new QLabel(tr("Training would fail. Mend this first:"));
    text->setWordWrap(true);
    layout->addWidget(text);
    for (std::size_t i = 0; i < std::min(faults.size(), mostCards); ++i) {
        const Node* node = document->project().network.findNode(faults[i].node);
        auto* card = new ProblemCard(faults[i], node ? QString::fromStdString(node->name) : tr("Network"), document);
        connect(card, &ProblemCard::activated, this, [this](const std::string& id) {
            Q_EMIT nodeActivated(id);
            reject();
        });
        for (const QPushButton* remedy : card->findChildren<QPushButton*>())
            connect(remedy, &QPushButton::clicked, this, &QDialog::reject);
        layout->addWidget(card);
    }
    if (faults.size() > mostCards)
        layout->addWidget(new QLabel(tr("and %n more", nullptr, static_cast<int>(faults.size() - mostCards))));
    auto* buttons = new QDialogButtonBox;
    QPushButton* close = buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    close->setDefault(true);
    if (mayInsist)
        buttons->addButton(tr("Train all the same"), QDialogButtonBox::AcceptRole)->setObjectName(QStringLiteral("insist"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
    setMinimumWidth(leastWidth);
}

} // namespace weft
