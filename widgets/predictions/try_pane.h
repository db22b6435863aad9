#pragma once

#include <QJsonObject>
#include <QTimer>
#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace weft {

class ClassBars;
class DrawingPad;
class WorkerClient;

/// Asks the trained network about one's own image, drawn here, dropped, or opened from a file; or about one's
/// own sentence, where it was trained on texts.
class TryPane : public QWidget {
    Q_OBJECT

public:
    explicit TryPane(WorkerClient* worker, QWidget* parent = nullptr);

    /// The run whose network answers; empty: none does. Asks again when something is drawn.
    void setRun(const QString& runDir);
    /// Predicts an image file.
    void openFile(const QString& path);
    DrawingPad* pad() const { return m_pad; }
    QPlainTextEdit* sentence() const { return m_sentence; }
    ClassBars* bars() const { return m_bars; }
    QSize minimumSizeHint() const override;
    /// The width at which the pad fills `height`, with the answer beside it.
    int widthFor(int height) const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void chooseFile();
    void ask(const QByteArray& image);
    void askSentence();
    void request(QJsonObject params);
    void setTakesText(bool takesText);
    void showAnswer(const QJsonObject& result);
    void showNothing(const QString& text);

    WorkerClient* m_worker;
    QString m_run;
    QByteArray m_image; ///< what was asked about last, for a better checkpoint
    qint64 m_request = 0;
    bool m_takesText = false;
    DrawingPad* m_pad;
    QPlainTextEdit* m_sentence;
    QTimer m_typing; ///< a sentence is asked about when the typing rests
    QWidget* m_answer;
    ClassBars* m_bars;
    QLabel* m_text;
    QPushButton* m_clear;
    QPushButton* m_file;
};

} // namespace weft
