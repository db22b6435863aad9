#pragma once

#include <optional>
#include <vector>

#include <QJsonObject>
#include <QTimer>
#include <QWidget>

#include "widgets/canvas/network_insight.h"
#include "widgets/data/shape_offer.h"

class QComboBox;
class QFrame;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace weft {

class ClassBars;
class ProjectDocument;
class SampleSource;
class TileView;
class WorkerClient;

/// The project's data: chooses a catalogue entry, a folder or a table; shows samples, class counts,
/// splits and warnings; offers to make the network fit.
class DataPanel : public QWidget {
    Q_OBJECT

public:
    DataPanel(ProjectDocument* document, WorkerClient* worker, QWidget* parent = nullptr);

    /// Makes a folder of images, a folder or file of IDX, or a CSV table the project's data: one undo step.
    void choosePath(const QString& path);
    /// The offer that is shown, if any.
    const std::optional<ShapeOffer>& offer() const { return m_offer; }
    /// True when the data of the project as it is now are shown.
    bool isShown() const { return !m_facts.isEmpty(); }
    /// True when the project names its data.
    bool hasSource() const { return !source().empty(); }
    /// Says that training waits for data, and brings the keyboard to their choice.
    void askForData();
    /// Marks the sample whose values the wires show.
    void setPinned(const PinnedSample& sample);

public Q_SLOTS:
    void chooseFolder();
    void chooseTable();

Q_SIGNALS:
    /// The columns of the data, for forms that choose one; empty while there are none.
    void columnsChanged(const QStringList& names);
    /// The offer is taken, and training should begin.
    void trainRequested();
    /// A sample was clicked: the wires shall show its values.
    void pinRequested(const weft::PinnedSample& sample);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    static constexpr int pictureSide = 64; ///< of a sample's picture in the grid; its class stands below

    QWidget* buildSource();
    QWidget* buildOffer();
    void takeOffer();
    QString dataFolder() const;
    void chooseFrom(const QString& path);
    void chooseSource(const std::string& source, const QString& path);
    void reopen();
    void open();
    void showFacts(const QJsonObject& facts);
    void showNothing(const QString& text);
    void showSource();
    void showSplit();
    void showCounts();
    void showTable();
    void showOffer();
    void fillTable();
    void paintSample(QPainter& painter, const QRect& rect, qint64 index) const;
    QString currentSplit() const;
    bool isImages() const;
    bool areTexts() const;
    std::string source() const;
    QJsonObject dataSettings() const;

    ProjectDocument* m_document;
    WorkerClient* m_worker;
    SampleSource* m_samples;
    QTimer m_openTimer;
    qint64 m_request = 0;
    QJsonObject m_facts;
    std::vector<DataColumn> m_columns;
    std::optional<ShapeOffer> m_offer;
    PinnedSample m_pinned;

    QComboBox* m_catalogue;
    QComboBox* m_label;
    QLabel* m_labelTitle;
    QLabel* m_path;
    QLabel* m_sizes;
    QLabel* m_shape;
    QLabel* m_warnings;
    QFrame* m_offerBar;
    QLabel* m_offerText;
    QPushButton* m_offerButton;
    QPushButton* m_offerAndTrain;
    QComboBox* m_split;
    ClassBars* m_counts;
    QStackedWidget* m_views;
    TileView* m_tiles;
    QTableWidget* m_table;
};

} // namespace weft
