#include <QFile>
#include <QImage>
#include <QPainter>
#include <QPrinter>
#include <QRegularExpression>

#include "core/base/error.h"
#include "widgets/canvas/canvas_picture.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

/// The drawing in a PDF: the contents of its compressed streams.
QByteArray drawingIn(const QByteArray& pdf)
{
    QByteArray drawing;
    for (qsizetype from = pdf.indexOf("\nstream\n"); from >= 0; from = pdf.indexOf("\nstream\n", from + 1)) {
        const qsizetype end = pdf.indexOf("endstream", from + 8);
        const QByteArray length("\x00\x10\x00\x00", 4); // what qUncompress wants before the data: about how much it becomes
        drawing += qUncompress(length + pdf.mid(from + 8, end - from - 8));
        from = end;
    }
    return drawing;
}

QByteArray printed(CanvasScene& scene, const QString& path)
{
    QPrinter printer(QPrinter::HighResolution);
    printer.setOutputFormat(QPrinter::PdfFormat);
    printer.setOutputFileName(path);
    preparePrinter(printer, scene, QStringLiteral("small"));
    printCanvas(scene, QStringLiteral("small"), printer);
    QFile file(path);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

/// Where something was painted; null for a blank picture.
QRect inked(const QImage& image, const QRect& within)
{
    QRect ink;
    for (int y = within.top(); y <= within.bottom(); ++y) {
        for (int x = within.left(); x <= within.right(); ++x) {
            if (image.pixelColor(x, y) != QColor(Qt::white))
                ink |= QRect(x, y, 1, 1);
        }
    }
    return ink;
}

QImage painted(CanvasScene& scene, const QString& title = QStringLiteral("small"), const QString& date = QStringLiteral("2026-01-02"))
{
    QImage image(800, 600, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    paintPage(painter, scene, QRectF(50, 40, 700, 520), 1.0, title, date);
    return image;
}

} // namespace

class WidgetsPrintTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theSheetIsPrintedOnOnePage()
    {
        const QTemporaryDir dir;
        CanvasFixture f;
        const QByteArray pdf = printed(f.view.canvas(), dir.filePath(QStringLiteral("sheet.pdf")));
        QVERIFY(pdf.startsWith("%PDF-"));
        QCOMPARE(pdf.count("/Type /Page\n"), 1);
        static const QRegularExpression box(QStringLiteral("MediaBox \\[([\\d.]+) ([\\d.]+) ([\\d.]+) ([\\d.]+)"));
        const QRegularExpressionMatch size = box.match(QString::fromLatin1(pdf));
        QVERIFY(size.hasMatch());
        QVERIFY(size.captured(3).toDouble() > size.captured(4).toDouble()); // it lies, as the chain of layers does
        const auto count = [](const QByteArray& drawing, const char* command) { return drawing.count(QByteArray(command)); };
        const QByteArray drawing = drawingIn(pdf);
        QVERIFY2(count(drawing, " c\n") > 60 && count(drawing, "Tf") > 8, qPrintable(QString::number(drawing.size()))); // curves and texts
        // More layers are more of it.
        EditBatch batch(f.document.project());
        for (int i = 0; i < 5; ++i)
            batch.addNode(*findLayer("ReLU"), {300.0 * i, 200});
        f.document.perform(QStringLiteral("Add"), batch.edits());
        const QByteArray more = drawingIn(printed(f.view.canvas(), dir.filePath(QStringLiteral("more.pdf"))));
        QVERIFY(count(more, " c\n") > count(drawing, " c\n") + 50);
    }

    void theSheetFillsThePageBelowItsTitle()
    {
        CanvasFixture f;
        const QImage image = painted(f.view.canvas());
        const QRect page(50, 40, 700, 520);
        const QRect ink = inked(image, image.rect());
        QVERIFY(page.adjusted(-1, -1, 1, 1).contains(ink));
        QVERIFY(!inked(image, QRect(50, 40, 100, 16)).isNull()); // the title
        QVERIFY(!inked(image, QRect(670, 40, 80, 16)).isNull()); // the date
        QVERIFY(inked(image, QRect(300, 40, 200, 16)).isNull());
        const QRect sheet = inked(image, QRect(50, 64, 700, 496));
        QVERIFY2(sheet.width() > 600, qPrintable(QString::number(sheet.width())));
        const QImage nameless = painted(f.view.canvas(), {}, {});
        QVERIFY(inked(nameless, QRect(50, 40, 700, 16)).isNull());
    }

    void paperIsWhiteInTheDarkThemeToo()
    {
        CanvasFixture f;
        const auto choice = Theme::instance().choice();
        Theme::instance().choose(Theme::Choice::Light);
        const QImage light = painted(f.view.canvas());
        Theme::instance().choose(Theme::Choice::Dark);
        const QColor screen = themeColors().canvas;
        const QImage dark = painted(f.view.canvas());
        const QColor after = themeColors().canvas;
        Theme::instance().choose(choice);
        QVERIFY(light == dark);
        QCOMPARE(after, screen);
    }

    void theSelectionIsNotPrinted()
    {
        CanvasFixture f;
        const QImage plain = painted(f.view.canvas());
        f.view.canvas().select({"dense"});
        QVERIFY(painted(f.view.canvas()) == plain);
        QCOMPARE(f.view.canvas().selectedNodes(), std::vector<std::string>{"dense"});
    }

    void whatCannotBePrintedSaysSo()
    {
        const QTemporaryDir dir;
        CanvasFixture f;
        QVERIFY_EXCEPTION_THROWN(printed(f.view.canvas(), QStringLiteral("/nowhere/sheet.pdf")), Error);
        CanvasFixture empty{Project()};
        const QString path = dir.filePath(QStringLiteral("empty.pdf"));
        QVERIFY_EXCEPTION_THROWN(printed(empty.view.canvas(), path), Error);
        QVERIFY(!QFile::exists(path));
    }
};

QTEST_MAIN(WidgetsPrintTest)
#include "widgets_print_test.moc"
