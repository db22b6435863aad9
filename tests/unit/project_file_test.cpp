#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "core/network/lowering.h"
#include "core/project/check.h"
#include "core/project/json.h"
#include "core/project/project.h"

using namespace weft;

namespace {

/// The message with which `text` is refused, or "" when it is read.
std::string refusal(const std::string& text)
{
    try {
        parseProject(text, "p.weft");
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

std::string lenetText()
{
    return formatProject(projectFromTemplate("lenet"));
}

std::string replaced(std::string text, const std::string& what, const std::string& by)
{
    const std::size_t at = text.find(what);
    if (at == std::string::npos)
        throw std::logic_error("The text does not hold " + what);
    return text.replace(at, what.size(), by);
}

} // namespace

class ProjectFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void templatesAreRightAndStandAsTheWriterWrites();
    void examplesAreRightAndStandAsTheWriterWrites_data();
    void examplesAreRightAndStandAsTheWriterWrites();
    void writingAndReadingGivesTheSameProject();
    void aChangedParameterIsAOneLineDiff();
    void onlyBypassedNodesSaySo();
    void everyTruncationIsRefusedWithALine();
    void noDamagedByteCrashes();
    void damageNamesTheLine_data();
    void damageNamesTheLine();
    void aNewerVersionIsAnErrorOfItsOwnAndOpensTolerantly();
    void textsOfAllKindsSurvive();
    void numbersSurvive();
    void aByteOrderMarkIsPassedOver();
    void deepNestingIsRefused();
    void aFailedWriteLeavesTheOldFile();
    void unreadableFilesSaySo();
    void unknownTemplatesListTheKnownOnes();
    void everyProjectFromATemplateHasItsOwnId();
    void checkNamesFaultsOfSettings();
};

void ProjectFileTest::templatesAreRightAndStandAsTheWriterWrites()
{
    for (const TemplateInfo& info : projectTemplates()) {
        const Project project = projectFromTemplate(info.name);
        const Analysis analysis = analyze(project.network);
        QVERIFY(checkProject(project, analysis, "/").empty());
        for (const Node& node : project.network.nodes)
            QVERIFY2(project.view.find("positions")->find(node.id), node.id.c_str());
        QFile file(QStringLiteral(":/weft/templates/%1.weft").arg(QString::fromStdString(info.name)));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const std::string text = file.readAll().toStdString();
        QCOMPARE(formatProject(parseProject(text, info.name)), text);
    }
    QCOMPARE(analyze(projectFromTemplate("lenet").network).parameters, std::int64_t{656080});
}

void ProjectFileTest::examplesAreRightAndStandAsTheWriterWrites_data()
{
    QTest::addColumn<QString>("path");
    for (const char* path : {"examples/lenet-fashion-mnist.weft", "examples/mlp-fashion-mnist.weft", "examples/sports-or-art.weft",
                             "examples/tang-poems.weft", "tests/bench/lenet5.weft", "tests/bench/mlp.weft"})
        QTest::newRow(path) << qEnvironmentVariable("WEFT_SOURCE_DIR") + QLatin1Char('/') + QString::fromLatin1(path);
}

void ProjectFileTest::examplesAreRightAndStandAsTheWriterWrites()
{
    QFETCH(QString, path);
    const Project project = readProject(path.toStdString());
    QVERIFY(checkProject(project, analyze(project.network), "/").empty());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(formatProject(project), file.readAll().toStdString());
}

void ProjectFileTest::aByteOrderMarkIsPassedOver()
{
    const std::string text = lenetText();
    QVERIFY(parseProject("\xef\xbb\xbf" + text, "p.weft") == parseProject(text, "p.weft"));
}

void ProjectFileTest::writingAndReadingGivesTheSameProject()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("a.weft")).toStdString();
    Project project = projectFromTemplate("lenet");
    project.network.findNode("conv1")->name = "erste \"Schicht\"\n第一";
    project.network.findNode("dense1")->sharesWith = "dense2";
    project.network.findNode("relu1")->isBypassed = true;
    project.view["zoom"] = 1.5;
    writeProject(project, path);
    QVERIFY(readProject(path) == project);
    QVERIFY(parseProject(formatProject(project), "again") == project);
}

void ProjectFileTest::aChangedParameterIsAOneLineDiff()
{
    Project project = projectFromTemplate("lenet");
    const QStringList before = QString::fromStdString(formatProject(project)).split(QLatin1Char('\n'));
    apply(project, setParamEdit(project.network, "conv1", "filters", 32));
    const QStringList after = QString::fromStdString(formatProject(project)).split(QLatin1Char('\n'));
    QCOMPARE(after.size(), before.size());
    int changed = 0;
    for (qsizetype i = 0; i < before.size(); ++i)
        changed += before[i] == after[i] ? 0 : 1;
    QCOMPARE(changed, 1);
}

void ProjectFileTest::onlyBypassedNodesSaySo()
{
    Project project = projectFromTemplate("lenet");
    const std::string plain = formatProject(project);
    QVERIFY(plain.find("bypassed") == std::string::npos);
    apply(project, settingEdit(project, "nodes.relu1.bypassed", "true"));
    const std::string text = formatProject(project);
    QCOMPARE(replaced(text, ", \"bypassed\": true", ""), plain);
    QVERIFY(parseProject(text, "p.weft").network.findNode("relu1")->isBypassed);
    QVERIFY_EXCEPTION_THROWN(settingEdit(project, "nodes.relu1.bypassed", "perhaps"), Error);
    apply(project, settingEdit(project, "nodes.relu1.bypassed", "false"));
    QCOMPARE(formatProject(project), plain);
}

void ProjectFileTest::everyTruncationIsRefusedWithALine()
{
    const std::string text = lenetText();
    for (std::size_t length = 0; length + 2 < text.size(); ++length) {
        const std::string message = refusal(text.substr(0, length));
        QVERIFY2(!message.empty(), qPrintable(QStringLiteral("cut at %1").arg(length)));
        QVERIFY2(length < 2 || message.find("line") != std::string::npos || message.find("empty") != std::string::npos, message.c_str());
    }
}

void ProjectFileTest::noDamagedByteCrashes()
{
    const std::string text = lenetText();
    for (std::size_t i = 0; i < text.size(); i += 3) {
        for (const char byte : {'\0', '\xff', '"', '{', ']', ',', '9', '-', '\\', '\n'}) {
            std::string damaged = text;
            damaged[i] = byte;
            try {
                const Project project = parseProject(damaged, "p.weft");
                checkProject(project, analyze(project.network), "/");
            } catch (const Error&) {
                continue; // one clear message is what is wanted
            }
        }
    }
}

void ProjectFileTest::damageNamesTheLine_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("by");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, const char* what, const char* by, const char* message) {
        QTest::newRow(name) << QString::fromUtf8(what) << QString::fromUtf8(by) << QString::fromUtf8(message);
    };
    row("unknown key at the top", "\"training\"", "\"trainning\"", "the key \"trainning\" is unknown here. Did you mean \"training\"?");
    row("unknown key of a node", "\"type\": \"ReLU\"", "\"type\": \"ReLU\", \"typ\": 1",
        "line 11: the key \"typ\" is unknown here. Did you mean \"type\"?");
    row("unknown key of data", "\"source\"", "\"sorce\"", "line 5: the key \"sorce\" is unknown here. Did you mean \"source\"?");
    row("unknown key of the optimizer", "\"learningRate\"", "\"learningrate\"", "Did you mean \"learningRate\"?");
    row("unknown key like no other", "\"training\"", "\"lessons\"",
        "the key \"lessons\" is unknown here. There are: weft, id, data, blocks, nodes, wires, training, view.");
    row("doubled key", "\"batchSize\": 64", "\"batchSize\": 64, \"epochs\": 5", "the key \"epochs\" stands twice in one map");
    row("doubled id", "\"id\": \"relu1\"", "\"id\": \"conv1\"", "line 11: a node with the id \"conv1\" is there already");
    row("bypassed is no truth", "\"type\": \"ReLU\"", "\"type\": \"ReLU\", \"bypassed\": 1", "line 11: \"bypassed\" must be true or false");
    row("missing comma", "\"epochs\": 5,", "\"epochs\": 5", "a comma or a closing brace } is missing");
    row("forgotten quote", "\"lenet\"", "\"lenet", "");
    row("text after the end", "{\n  \"weft\"", "{}{\n  \"weft\"", "line 1: there is text after the end of the document");
    row("wrong kind", "\"epochs\": 5", "\"epochs\": \"five\"", "\"epochs\" must be a whole number");
    row("wire of one end", "[\"conv1.y\", \"relu1.x\"]", "[\"conv1.y\"]", "a wire must be two ports");
    row("nodes are no list", "\"nodes\": [", "\"nodes\": 1, \"wires\": [", "");
    row("missing type", "\"type\": \"ReLU\", ", "", "line 11: the key \"type\" is missing");
    row("id with a dot", "\"id\": \"relu1\"", "\"id\": \"re.lu\"", "the id \"re.lu\" may hold only letters, digits, - and _");
    row("position", "\"relu1\": [560, 0]", "\"relu1\": [560]", "the position of \"relu1\" must be two numbers");
    row("position in a block", "\"positions\"", "\"blocks\": {\"b\": {\"x\": 1}}, \"positions\"", "the position of \"x\" must be two numbers");
    row("no weft", "\"weft\": 1,", "", "is not a Weft project");
    row("weft is a text", "\"weft\": 1,", "\"weft\": \"one\",", "line 2: the value of \"weft\" must be the number");
    const auto blockRow = [&](const char* name, const char* blocks, const char* message) {
        QTest::newRow(name) << QStringLiteral("\"nodes\": [") << QStringLiteral("\"blocks\": %1,\n  \"nodes\": [").arg(QString::fromUtf8(blocks))
                            << QString::fromUtf8(message);
    };
    blockRow("blocks are no list", "{}", "line 8: \"blocks\" must be a list in brackets");
    blockRow("block is no map", "[1]", "line 8: a block must be a map in braces");
    blockRow("block without id", "[{}]", "line 8: the key \"id\" is missing");
    blockRow("doubled block", "[{\"id\": \"b\"}, {\"id\": \"b\"}]", "line 8: a block with the id \"b\" is there already");
    blockRow("unknown key of a block", "[{\"id\": \"b\", \"nods\": []}]", "line 8: the key \"nods\" is unknown here. Did you mean \"nodes\"?");
    blockRow("doubled node in a block", R"([{"id": "b", "nodes": [{"id": "a", "type": "ReLU"}, {"id": "a", "type": "ReLU"}]}])",
             "a node with the id \"a\" is there already");
    blockRow("parameter of a block without a name", R"([{"id": "b", "params": {"2x": {}}}])", "must not begin with a digit");
    blockRow("default of a block's parameter", R"([{"id": "b", "params": {"n": {"default": 1.5}}}])", "\"default\" must be a whole number");
    blockRow("range of a block's parameter", R"([{"id": "b", "params": {"n": {"default": 9, "maximum": 8}}}])",
             "the default of \"n\" is 9, but must lie between 0 and 8");
    row("zero byte", "lenet", "", "");
}

void ProjectFileTest::damageNamesTheLine()
{
    QFETCH(QString, what);
    QFETCH(QString, by);
    QFETCH(QString, message);
    std::string text = replaced(lenetText(), "\"id\": \"", "\"id\": \"lenet\", \"x\": \"");
    text = replaced(text, ", \"x\": \"" + text.substr(text.find(", \"x\": \"") + 8, 16) + "\"", "");
    const std::string refused = refusal(replaced(text, what.toStdString(), by.toStdString()));
    QVERIFY2(!refused.empty(), "It was read.");
    QVERIFY2(refused.rfind("p.weft", 0) == 0, refused.c_str());
    QVERIFY2(refused.find(message.toStdString()) != std::string::npos, refused.c_str());
}

void ProjectFileTest::aNewerVersionIsAnErrorOfItsOwnAndOpensTolerantly()
{
    std::string text = replaced(lenetText(), "\"weft\": 1", "\"weft\": 99");
    text = replaced(text, "\"data\"", "\"cloud\": {},\n  \"data\"");
    text = replaced(text, "\"type\": \"ReLU\"", "\"type\": \"HyperReLU\", \"future\": true");
    try {
        parseProject(text, "p.weft");
        QFAIL("It was read.");
    } catch (const ProjectVersionError& error) {
        QCOMPARE(error.format(), 99);
        QVERIFY2(std::string(error.what()).find("newer version of Weft (project format 99") != std::string::npos, error.what());
    }
    const Project project = parseProject(text, "p.weft", Reading::Tolerant);
    QCOMPARE(project.network.findNode("relu1")->type, std::string("HyperReLU"));
    const QTemporaryDir folder;
    QVERIFY_EXCEPTION_THROWN(writeProject(project, folder.filePath(QStringLiteral("a.weft")).toStdString()), Error);
}

void ProjectFileTest::textsOfAllKindsSurvive()
{
    const std::string odd = std::string("quote \" back \\ slash / tab \t line \n bell \a nul ") + '\x01' + " 漢字 😀 é";
    const Tree tree = Tree::Map{{odd, odd}, {"", Tree::List{Tree(), true, false, Tree::Map{}, Tree::List{}}}};
    QVERIFY(fromJson(toJson(tree), "t") == tree);
    QVERIFY(fromJson("\"\\ud83d\\ude00\"", "t") == Tree("😀"));
    QVERIFY_EXCEPTION_THROWN(fromJson("\"\xc3\x28\"", "t"), Error);
    QVERIFY_EXCEPTION_THROWN(fromJson("\"\\ud83d\"", "t"), Error);
}

void ProjectFileTest::numbersSurvive()
{
    for (const double number : {0.1, 1.0, -0.0, 1e-5, 1e300, 5e-324, 1.0 / 3.0, 123456789012345680.0}) {
        const Tree back = fromJson(toJson(number), "t");
        QVERIFY(!back.isInt() && back.isNumber());
        QCOMPARE(back.number(), number);
    }
    for (const std::int64_t number : {std::int64_t{0}, INT64_MAX, INT64_MIN, std::int64_t{1} << 53})
        QVERIFY(fromJson(toJson(number), "t") == Tree(number));
    QVERIFY(fromJson("1.0", "t") != fromJson("1", "t"));
    QVERIFY_EXCEPTION_THROWN(fromJson("1e999", "t"), Error);
    QVERIFY_EXCEPTION_THROWN(fromJson("NaN", "t"), Error);
}

void ProjectFileTest::deepNestingIsRefused()
{
    QVERIFY_EXCEPTION_THROWN(fromJson(std::string(1000000, '['), "t"), Error);
    std::string maps;
    for (int i = 0; i < 100000; ++i)
        maps += "{\"a\":";
    QVERIFY_EXCEPTION_THROWN(fromJson(maps, "t"), Error);
}

void ProjectFileTest::aFailedWriteLeavesTheOldFile()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("a.weft")).toStdString();
    const Project project = projectFromTemplate("mlp");
    writeProject(project, path);
    // A folder of that name cannot be replaced by a file.
    QVERIFY_EXCEPTION_THROWN(writeProject(project, folder.path().toStdString()), Error);
    QVERIFY_EXCEPTION_THROWN(writeProject(project, path + "/inside.weft"), Error);
    QVERIFY(readProject(path) == project);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void ProjectFileTest::unreadableFilesSaySo()
{
    const QTemporaryDir folder;
    QVERIFY_EXCEPTION_THROWN(readProject(folder.filePath(QStringLiteral("none.weft")).toStdString()), Error);
    QVERIFY_EXCEPTION_THROWN(readProject(folder.path().toStdString()), Error);
}

void ProjectFileTest::unknownTemplatesListTheKnownOnes()
{
    try {
        projectFromTemplate("lenett");
        QFAIL("There is such a template.");
    } catch (const Error& error) {
        QVERIFY(
            QString::fromUtf8(error.what()).startsWith(QStringLiteral("There is no template \"lenett\". Did you mean lenet? Templates: mlp, lenet")));
    }
}

void ProjectFileTest::everyProjectFromATemplateHasItsOwnId()
{
    QVERIFY(projectFromTemplate("lenet").id != projectFromTemplate("lenet").id);
    QCOMPARE(newProjectId().size(), std::size_t{16});
}

void ProjectFileTest::checkNamesFaultsOfSettings()
{
    Project project = projectFromTemplate("lenet");
    project.training["epochs"] = -1;
    project.data["source"] = "fashionmnist";
    const std::vector<Diagnostic> diagnostics = checkProject(project, analyze(project.network), "/");
    QCOMPARE(diagnostics.size(), std::size_t{2});
    QCOMPARE(diagnostics[0].code, std::string("data.settings"));
    QCOMPARE(diagnostics[1].code, std::string("training.settings"));
}

QTEST_GUILESS_MAIN(ProjectFileTest)
#include "project_file_test.moc"
