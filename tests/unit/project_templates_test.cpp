// The templates: real projects without faults whose figures are those of the published networks.
#include <QtTest>

#include <set>

#include "core/data/dataset.h"
#include "core/network/blocks.h"
#include "core/project/check.h"
#include "core/project/project.h"
#include "core/project/template_block_texts.h"
#include "core/training/settings.h"

using namespace weft;

namespace {

struct Figures {
    const char* name;
    std::int64_t parameters;
    double multiplyAdds;
};

// Parameters as torchvision 0.14 counts them for its models of these names; multiply-adds of convolutions and
// products, which round to the GFLOPS of its table of weights (0.71, 15.47, 1.81, 4.09, 5.71, 0.30, 2.83);
// that of Inception v3 grows by its auxiliary head, which training alone runs. vit-tiny has the parameters of ViT-Ti/16
// (Touvron et al., 2021: 5.7 million; timm's vit_tiny_patch16_224).
const Figures figures[] = {
    {"mlp", 235146, 234752},
    {"lenet", 656080, 3522000},
    {"alexnet", 61100840, 714188480},
    {"vgg16", 138357544, 15470264320},
    {"resnet18", 11689512, 1814073344},
    {"resnet50", 25557032, 4089184256},
    {"inception-v3", 27161264, 5718899296},
    {"inception-v3-no-aux", 23834568, 5713216096},
    {"mobilenet-v2", 3504872, 300774272},
    {"densenet121", 7978856, 2834161664},
    {"unet", 7763041, 3017801728},
    {"autoencoder", 108881, 467264},
    {"variational-autoencoder", 652824, 651200},
    {"vit-tiny", 5717416, 1253683200},
    {"tabular-mlp", 3300, 3200},
    {"text-bow", 1280260, 256},
    {"text-lstm", 2825220, 33555456},
    {"text-transformer", 1355396, 12583168},
    {"time-series-gru", 13443, 617664},
};

std::string faultsOf(const Project& project, const Analysis& analysis)
{
    std::string text;
    for (const Diagnostic& diagnostic : checkProject(project, analysis, {})) {
        if (diagnostic.severity != Severity::Hint)
            text += diagnostic.code + " " + diagnostic.node + ": " + english(diagnostic.message) + "\n";
    }
    return text;
}

/// Nodes of a sheet that have no position, or one that another node covers.
std::string misplaced(const Sheet& sheet, const Tree* positions)
{
    std::vector<std::pair<double, double>> places;
    for (const Node& node : sheet.nodes) {
        const Tree* at = positions ? positions->find(node.id) : nullptr;
        if (!at)
            return node.id + " has no place";
        places.emplace_back(at->list()[0].number(), at->list()[1].number());
        for (std::size_t i = 0; i + 1 < places.size(); ++i) {
            if (std::abs(places[i].first - places.back().first) < 180 && std::abs(places[i].second - places.back().second) < 60)
                return node.id + " lies on " + sheet.nodes[i].id;
        }
    }
    return {};
}

} // namespace

class ProjectTemplatesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void figuresAreThoseOfThePublishedNetworks_data() { rows(); }
    void figuresAreThoseOfThePublishedNetworks();
    void nodesLieApart_data() { rows(); }
    void nodesLieApart();
    void columnsComeFromTheData_data() { rows(); }
    void columnsComeFromTheData();
    void everyTemplateIsTested();
    void textsOfBlocksAreMarkedForTranslation();

private:
    static void rows()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < std::size(figures); ++i)
            QTest::newRow(figures[i].name) << static_cast<int>(i);
    }
};

void ProjectTemplatesTest::figuresAreThoseOfThePublishedNetworks()
{
    QFETCH(int, index);
    const Project project = projectFromTemplate(figures[index].name);
    const Analysis analysis = analyze(project.network);
    QCOMPARE(faultsOf(project, analysis), std::string());
    QCOMPARE(analysis.parameters, figures[index].parameters);
    QCOMPARE(analysis.multiplyAdds, figures[index].multiplyAdds);
}

void ProjectTemplatesTest::nodesLieApart()
{
    QFETCH(int, index);
    const Project project = projectFromTemplate(figures[index].name);
    QCOMPARE(misplaced(project.network, project.view.find("positions")), std::string());
    const Tree* ofBlocks = project.view.find("blocks");
    for (const Block& block : project.network.blocks) {
        QVERIFY2(ofBlocks, block.id.c_str());
        QCOMPARE(misplaced(block, ofBlocks->find(block.id)), std::string());
        QVERIFY2(!block.summary.empty() && !block.name.empty(), block.id.c_str());
    }
}

void ProjectTemplatesTest::columnsComeFromTheData()
{
    QFETCH(int, index);
    const Project project = projectFromTemplate(figures[index].name);
    if (project.data.find("source")->text() != "generated")
        QSKIP("its data come from a package");
    const auto dataset = openDataset(project.data, {});
    const Lowered lowered = lower(project.network, {Mode::Train, true});
    for (const LoweredFeed& feed : lowered.feeds) {
        const Column* column = dataset->findColumn(feed.column);
        QVERIFY2(column, feed.column.c_str());
        Extents shape{1};
        shape.insert(shape.end(), column->shape.begin(), column->shape.end());
        QCOMPARE(feed.value.shape().at(1), shape);
        QVERIFY(feed.value.dtype() == column->dtype);
    }
}

void ProjectTemplatesTest::everyTemplateIsTested()
{
    const std::vector<TemplateInfo> templates = projectTemplates();
    QCOMPARE(templates.size(), std::size(figures));
    for (std::size_t i = 0; i < templates.size(); ++i)
        QCOMPARE(templates[i].name, std::string(figures[i].name));
}

void ProjectTemplatesTest::textsOfBlocksAreMarkedForTranslation()
{
    std::set<std::string> marked;
    for (const Text& text : templateBlockTexts())
        marked.insert(text.source);
    for (const TemplateInfo& info : projectTemplates()) {
        for (const Block& block : projectFromTemplate(info.name).network.blocks) {
            std::vector<std::string> texts{block.name, block.summary};
            for (const BlockParam& param : block.params)
                texts.push_back(param.help);
            for (const std::string& text : texts)
                QVERIFY2(text.empty() || marked.count(text), (std::string(info.name) + ": " + text).c_str());
        }
    }
}

QTEST_GUILESS_MAIN(ProjectTemplatesTest)
#include "project_templates_test.moc"
