#include "widgets/help_dialogs.h"

#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QMessageBox>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "core/layers/layer_spec.h"
#include "core/version.h"
#include "widgets/actions.h"
#include "widgets/properties/param_editor.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

class HelpText {
    Q_DECLARE_TR_FUNCTIONS(weft::HelpText)
};

void showPage(QWidget* parent, const QString& title, const QString& html, const QSize& size)
{
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->resize(size);
    auto* page = new QTextBrowser;
    page->setOpenExternalLinks(true);
    page->setFrameShape(QFrame::NoFrame);
    page->document()->setDocumentMargin(12);
    page->setHtml(html);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    auto* layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->addWidget(page);
    layout->addWidget(buttons);
    dialog->show();
}

QString secondary(const QString& text)
{
    return QStringLiteral("<span style='color:%1'>%2</span>").arg(themeColors().secondary.name(), text.toHtmlEscaped());
}

QString row(const QString& left, const QString& right)
{
    return QStringLiteral("<tr><td style='padding:4px 20px 4px 0px'>%1</td><td style='padding:4px 0px'>%2</td></tr>").arg(left, right);
}

} // namespace

void showLayerHelp(QWidget* parent, const LayerSpec* layer)
{
    if (!layer)
        return;
    const QString title = QString::fromStdString(layer->title()).toHtmlEscaped();
    QString html = QStringLiteral("<h2>%1</h2><p>%2</p><p>%3</p>")
                       .arg(title, translated(layer->summary()).toHtmlEscaped(), translated(layer->details()).toHtmlEscaped());
    html += QStringLiteral("<table>");
    for (const PortSpec& port : layer->inputs())
        html += row(secondary(HelpText::tr("Input %1").arg(QString::fromStdString(port.name))),
                    QString::fromStdString(port.shapeHint).toHtmlEscaped());
    for (const PortSpec& port : layer->outputs())
        html += row(secondary(HelpText::tr("Output %1").arg(QString::fromStdString(port.name))),
                    QString::fromStdString(port.shapeHint).toHtmlEscaped());
    html += QStringLiteral("</table>");
    if (!layer->params().empty()) {
        html += QStringLiteral("<h4>%1</h4><table>").arg(HelpText::tr("Parameters"));
        for (const ParamSpec& param : layer->params())
            html += row(QStringLiteral("<b>%1</b>").arg(paramLabel(param).toHtmlEscaped()),
                        paramHelp(param).toHtmlEscaped() + QLatin1Char(' ')
                            + secondary(HelpText::tr("Default: %1").arg(formatValue(param.defaultValue))));
        html += QStringLiteral("</table>");
    }
    showPage(parent, HelpText::tr("%1 – help").arg(QString::fromStdString(layer->title())), html, {520, 460});
}

void showShortcuts(QWidget* parent, const Actions& actions)
{
    QString html = QStringLiteral("<table>");
    for (const ActionSpec& spec : Actions::specs()) {
        const QAction* action = actions[spec.id];
        if (!action->shortcut().isEmpty())
            html += row(action->text().toHtmlEscaped(),
                        QStringLiteral("<b>%1</b>").arg(QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText).toHtmlEscaped()));
    }
    const std::pair<QString, QString> hands[] = {
        {HelpText::tr("Zoom at the cursor"), HelpText::tr("Wheel")},
        {HelpText::tr("Pan"), HelpText::tr("Middle button, or Space and drag")},
        {HelpText::tr("Pan sideways"), HelpText::tr("Shift and wheel")},
        {HelpText::tr("Add a layer at the cursor"), HelpText::tr("Double-click, or Tab")},
        {HelpText::tr("Move the selection"), HelpText::tr("Arrow keys; with Shift further")},
        {HelpText::tr("Select several"), HelpText::tr("Drag a box, or Shift and click")},
        {HelpText::tr("Take a wire off"), HelpText::tr("Drag its end off the input")},
    };
    for (const auto& [what, how] : hands)
        html += row(what.toHtmlEscaped(), QStringLiteral("<b>%1</b>").arg(how.toHtmlEscaped()));
    showPage(parent, HelpText::tr("Keyboard shortcuts"), html + QStringLiteral("</table>"), {520, 640});
}

void showAbout(QWidget* parent)
{
    QMessageBox box(parent);
    box.setWindowTitle(HelpText::tr("About Weft"));
    box.setIconPixmap(icon(QStringLiteral("weft")).pixmap(64, 64));
    box.setText(QStringLiteral("<h3>Weft %1</h3>").arg(QString::fromLatin1(versionText())));
    box.setInformativeText(HelpText::tr(
        "A studio for neural networks: wire layers, train them, look at what they learnt, take them elsewhere.\n\n"
        "Sources under the Apache License 2.0. This program uses QCustomPlot and is distributed under the GNU General Public License, version 3."));
    box.exec();
}

} // namespace weft
