#include "widgets/help_dialogs.h"

#include <QCoreApplication>
#include <QMessageBox>

#include "core/version.h"
#include "widgets/theme/icons.h"

namespace weft {
namespace {

class HelpText {
    Q_DECLARE_TR_FUNCTIONS(weft::HelpText)
};

} // namespace

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
