#include "widgets/properties/block_form.h"

#include <algorithm>

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/invalid_mark.h"
#include "widgets/project_document.h"
#include "widgets/theme/icons.h"

namespace weft {

BlockForm::BlockForm(ProjectDocument* document, std::string id, QWidget* parent) :
    QWidget(parent), m_document(document), m_block(std::move(id)), m_name(new QLineEdit), m_summary(new QLineEdit), m_newKey(new QLineEdit)
{
    m_name->setObjectName(QStringLiteral("blockName"));
    m_name->setAccessibleName(tr("Name of the block"));
    m_summary->setObjectName(QStringLiteral("blockSummary"));
    m_summary->setAccessibleName(tr("What the block does"));
    m_newKey->setObjectName(QStringLiteral("newParameter"));
    m_newKey->setAccessibleName(tr("Name of a new parameter"));
    m_newKey->setPlaceholderText(tr("filters, width, …"));
    auto* add = new QPushButton(tr("Add"));
    add->setObjectName(QStringLiteral("addParameter"));
    auto* heading = new QLabel(tr("Parameters of the block").toUpper());
    heading->setProperty("role", "heading");
    auto* hint = new QLabel(tr("Layers inside use them in expressions such as filters * 2. Each instance sets its own."));
    hint->setProperty("role", "secondary");
    hint->setWordWrap(true);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* texts = new QGridLayout;
    texts->setHorizontalSpacing(12);
    texts->addWidget(new QLabel(tr("Name")), 0, 0);
    texts->addWidget(m_name, 0, 1);
    texts->addWidget(new QLabel(tr("Summary")), 1, 0);
    texts->addWidget(m_summary, 1, 1);
    layout->addLayout(texts);
    layout->addWidget(heading);
    layout->addWidget(hint);
    m_rows = new QWidget;
    m_rowsLayout = new QGridLayout(m_rows);
    m_rowsLayout->setContentsMargins(0, 0, 0, 0);
    m_rowsLayout->setHorizontalSpacing(4);
    layout->addWidget(m_rows);
    auto* line = new QHBoxLayout;
    line->addWidget(m_newKey, 1);
    line->addWidget(add);
    layout->addLayout(line);

    connect(m_name, &QLineEdit::editingFinished, this, [this] { setText("name", tr("Rename the block"), block() ? block()->name : "", m_name); });
    connect(m_summary, &QLineEdit::editingFinished, this,
            [this] { setText("summary", tr("Set the block's summary"), block() ? block()->summary : "", m_summary); });
    connect(add, &QPushButton::clicked, this, &BlockForm::addParam);
    connect(m_newKey, &QLineEdit::returnPressed, this, &BlockForm::addParam);
    connect(m_newKey, &QLineEdit::textEdited, this, [this] { markInvalid(m_newKey, false); });
    connect(document, &ProjectDocument::edited, this, &BlockForm::refresh);
    refresh();
}

const Block* BlockForm::block() const
{
    return m_document->project().network.findBlock(m_block);
}

void BlockForm::refresh()
{
    const Block* shown = block();
    if (!shown)
        return;
    const auto showText = [](QLineEdit* field, const std::string& text) {
        if (field->text() != QString::fromStdString(text))
            field->setText(QString::fromStdString(text));
    };
    showText(m_name, shown->name);
    showText(m_summary, shown->summary);
    if (shown->params == m_shown && m_rowsLayout->count() > 0)
        return;
    m_shown = shown->params;
    while (QLayoutItem* item = m_rowsLayout->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // it may be the sender of what leads here
        delete item;
    }
    if (m_shown.empty())
        return;
    const QString titles[] = {tr("Parameter"), tr("Default"), tr("Least"), tr("Most")};
    for (int i = 0; i < 4; ++i) {
        auto* title = new QLabel(titles[i]);
        title->setProperty("role", "secondary");
        m_rowsLayout->addWidget(title, 0, i);
    }
    for (const BlockParam& param : m_shown)
        addRow(param);
}

void BlockForm::addRow(const BlockParam& param)
{
    const int row = m_rowsLayout->rowCount();
    m_rowsLayout->addWidget(new QLabel(QString::fromStdString(param.key)), row, 0);
    std::int64_t BlockParam::*const fields[] = {&BlockParam::defaultValue, &BlockParam::minimum, &BlockParam::maximum};
    const QString names[] = {tr("Default of %1"), tr("Least value of %1"), tr("Greatest value of %1")};
    for (int i = 0; i < 3; ++i) {
        auto* field = new QLineEdit(QString::number(param.*fields[i]));
        field->setObjectName(QStringLiteral("%1.%2").arg(QString::fromStdString(param.key)).arg(i));
        field->setAccessibleName(names[i].arg(QString::fromStdString(param.key)));
        field->setMinimumWidth(36);
        connect(field, &QLineEdit::editingFinished, this, [this, field, key = param.key, member = fields[i]] {
            bool isNumber = false;
            const qlonglong value = field->text().toLongLong(&isNumber);
            markInvalid(field, !isNumber);
            if (isNumber)
                changeParam(key, [&](BlockParam& changed) { changed.*member = value; });
        });
        m_rowsLayout->addWidget(field, row, i + 1);
    }
    auto* remove = new QToolButton;
    remove->setObjectName(QStringLiteral("remove.") + QString::fromStdString(param.key));
    remove->setIcon(icon(QStringLiteral("delete")));
    remove->setToolTip(tr("Remove %1").arg(QString::fromStdString(param.key)));
    remove->setAccessibleName(remove->toolTip());
    connect(remove, &QToolButton::clicked, this, [this, key = param.key] {
        std::vector<BlockParam> params = block()->params;
        std::erase_if(params, [&](const BlockParam& entry) { return entry.key == key; });
        setParams(tr("Remove %1").arg(QString::fromStdString(key)), params);
    });
    m_rowsLayout->addWidget(remove, row, 4);
}

void BlockForm::addParam()
{
    const std::string key = m_newKey->text().trimmed().toStdString();
    std::vector<BlockParam> params = block()->params;
    const bool isTaken = std::any_of(params.begin(), params.end(), [&](const BlockParam& param) { return param.key == key; });
    if (!isValidName(key) || isTaken || key == "min" || key == "max") {
        markInvalid(m_newKey, true);
        m_newKey->setToolTip(isTaken ? tr("The block has this parameter already.") : tr("A name is a letter, then letters, digits and underscores."));
        return;
    }
    BlockParam param;
    param.key = key;
    params.push_back(param);
    m_newKey->clear();
    setParams(tr("Add %1").arg(QString::fromStdString(key)), params);
}

void BlockForm::setText(const char* field, const QString& name, const std::string& before, const QLineEdit* from)
{
    const std::string text = from->text().trimmed().toStdString();
    if (!block() || (text.empty() && std::string(field) == "name"))
        return refresh();
    m_document->perform(name, {{"blocks/" + m_block + "/" + field, before, text}});
}

void BlockForm::setParams(const QString& name, const std::vector<BlockParam>& params)
{
    m_document->perform(name, {{"blocks/" + m_block + "/params", toTree(block()->params), toTree(params)}});
}

void BlockForm::changeParam(const std::string& key, const std::function<void(BlockParam&)>& change)
{
    if (!block())
        return;
    std::vector<BlockParam> params = block()->params;
    for (BlockParam& param : params) {
        if (param.key == key)
            change(param);
    }
    setParams(tr("Set %1").arg(QString::fromStdString(key)), params);
}

} // namespace weft
