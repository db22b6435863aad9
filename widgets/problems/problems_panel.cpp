#include "widgets/problems/problems_panel.h"

#include <algorithm>

#include <QLabel>
#include <QVBoxLayout>

#include "widgets/problems/problem_card.h"
#include "widgets/project_document.h"

namespace weft {
namespace {

/// More cards than anyone reads would only cost time.
constexpr std::size_t mostCards = 50;

} // namespace

ProblemsPanel::ProblemsPanel(ProjectDocument* document, QWidget* parent) : QScrollArea(parent), m_document(document)
{
    setObjectName(QStringLiteral("problemsPanel"));
    setAccessibleName(tr("Problems"));
    setWidgetResizable(true);
    auto* content = new QWidget;
    m_layout = new QVBoxLayout(content);
    m_layout->setContentsMargins(16, 12, 16, 12);
    m_layout->setSpacing(8);
    m_layout->setAlignment(Qt::AlignTop);
    setWidget(content);
    connect(document, &ProjectDocument::analysisChanged, this, &ProblemsPanel::refresh);
    connect(document, &ProjectDocument::dataProblemsChanged, this, &ProblemsPanel::refresh);
    refresh();
}

void ProblemsPanel::refresh()
{
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater(); // a card may be the sender of what leads here
        }
        delete item;
    }
    std::vector<Diagnostic> diagnostics = m_document->problems();
    // Remarks come last; faults stay in the order of the data, because mending the first often mends those behind it.
    const auto isRemark = [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::Hint; };
    std::stable_sort(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& a, const Diagnostic& b) { return isRemark(a) < isRemark(b); });
    for (std::size_t i = 0; i < std::min(diagnostics.size(), mostCards); ++i) {
        const Node* node = m_document->project().network.findNode(diagnostics[i].node);
        auto* card = new ProblemCard(diagnostics[i], node ? QString::fromStdString(node->name) : tr("Network"), m_document);
        connect(card, &ProblemCard::activated, this, &ProblemsPanel::nodeActivated);
        m_layout->addWidget(card);
    }
    if (diagnostics.size() > mostCards)
        m_layout->addWidget(new QLabel(tr("and %n more", nullptr, static_cast<int>(diagnostics.size() - mostCards))));
    if (diagnostics.empty()) {
        const bool hasData = m_document->project().data.find("source") != nullptr;
        auto* calm = new QLabel(m_document->project().network.nodes.empty() ? tr("The network is empty.")
                                    : hasData                               ? tr("No problems. The network can be trained.")
                                                                            : tr("No problems. Choose the data, and the network can be trained."));
        calm->setProperty("role", "secondary");
        m_layout->addWidget(calm);
    }
    m_count = static_cast<int>(diagnostics.size());
    m_hasErrors = weft::hasErrors(diagnostics);
    Q_EMIT countChanged();
}

} // namespace weft
