#include "widgets/targets/finding_list.h"

#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QVBoxLayout>

#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

QIcon signOf(const QString& state)
{
    if (state == QLatin1String("ok"))
        return icon(QStringLiteral("check"), themeColors().accent);
    return state == QLatin1String("warning") ? icon(QStringLiteral("warning"), themeColors().warning)
                                             : icon(QStringLiteral("error"), themeColors().error);
}

QString wordOf(const QString& state)
{
    if (state == QLatin1String("ok"))
        return FindingList::tr("fine");
    return state == QLatin1String("warning") ? FindingList::tr("warning") : FindingList::tr("missing");
}

} // namespace

FindingList::FindingList(QWidget* parent) : QWidget(parent), m_rows(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("findings"));
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(6);
}

void FindingList::clear()
{
    m_summary.clear();
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void FindingList::showNote(const QString& text)
{
    clear();
    addHeading(text);
}

void FindingList::showReport(const QByteArray& json, const QString& fault)
{
    clear();
    const QJsonObject report = QJsonDocument::fromJson(json).object();
    const QJsonArray findings = report.value(QStringLiteral("findings")).toArray();
    int missing = 0;
    for (const QJsonValue& finding : findings)
        missing += finding.toObject().value(QStringLiteral("state")) == QLatin1String("error") ? 1 : 0;
    if (findings.isEmpty()) {
        addHeading(tr("The target could not be asked."));
        addRow(QStringLiteral("error"), fault);
        return;
    }
    addHeading(missing == 0 ? tr("Ready: nothing is missing.") : tr("Not ready: %n thing(s) to mend.", nullptr, missing));
    for (const QJsonValue& finding : findings)
        addRow(finding.toObject().value(QStringLiteral("state")).toString(), finding.toObject().value(QStringLiteral("message")).toString());
}

void FindingList::addHeading(const QString& text)
{
    m_summary = text;
    auto* label = new QLabel(text);
    label->setObjectName(QStringLiteral("summary"));
    label->setProperty("role", "heading");
    label->setWordWrap(true);
    m_rows->addWidget(label);
}

void FindingList::addRow(const QString& state, const QString& text)
{
    auto* row = new QWidget;
    row->setObjectName(QStringLiteral("finding.") + state);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(10);
    auto* sign = new QLabel;
    sign->setPixmap(signOf(state).pixmap(16, 16));
    sign->setToolTip(wordOf(state));
    sign->setAccessibleName(wordOf(state));
    auto* words = new QLabel(text);
    words->setWordWrap(true);
    words->setTextFormat(Qt::PlainText);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    line->addWidget(sign, 0, Qt::AlignTop);
    line->addWidget(words, 1);
    m_rows->addWidget(row);
}

} // namespace weft
