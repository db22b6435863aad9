#include <algorithm>
#include <cstring>
#include <unordered_map>

#include <QDir>
#include <QFileInfo>

#include "core/base/error.h"
#include "core/data/fingerprint.h"
#include "core/data/sources.h"
#include "core/data/split_dataset.h"
#include "core/data/text_files.h"

namespace weft {

namespace {

std::vector<std::string_view> viewsOf(const std::vector<LabelledText>& texts, const std::vector<std::int64_t>& samples)
{
    std::vector<std::string_view> views;
    for (const std::int64_t sample : samples)
        views.push_back(texts[static_cast<std::size_t>(sample)].text);
    return views;
}

class TextDataset : public SplitDataset {
public:
    TextDataset(const DataSettings& settings, const DataProgress& progress) : m_texts(readTexts(settings, progress))
    {
        nameClasses(settings);
        const SplitRule tenth{0, 0.1, false};
        m_indices = splitSamples(static_cast<std::int64_t>(m_texts.size()), settings.validation.value_or(tenth), settings.test.value_or(tenth),
                                 settings.seed, m_classes);
        for (std::size_t split = 0; split < m_indices.size(); ++split) {
            for (const std::int64_t index : m_indices[split])
                m_labels[split].push_back(m_classes[static_cast<std::size_t>(index)]);
        }
        learn(settings);
        encodeAll();
        addColumn("text", DType::Int32, {settings.text.maxLength});
        m_columns.back().isSequence = true;
        m_columns.back().indexCount = m_encoder.indexCount();
        addColumn("text.lengths", DType::Int32, {});
        addColumn("bagOfWords", DType::Float32, {settings.text.vocabularySize});
        addColumn("label", DType::Int32, {}, true);
    }

    void read(Split split, std::int64_t index, int column, void* to) const override
    {
        const auto sample = static_cast<std::size_t>(indexOf(split, index));
        const std::span<const std::int32_t> tokens = tokensAt(sample);
        const auto longest = static_cast<std::size_t>(m_encoder.settings().maxLength);
        const auto length = static_cast<std::int32_t>(std::min(tokens.size(), longest));
        switch (column) {
        case 0: {
            auto* indices = static_cast<std::int32_t*>(to);
            std::copy_n(tokens.begin(), length, indices);
            std::fill(indices + length, indices + longest, TextEncoder::padding);
            break;
        }
        case 1: std::memcpy(to, &length, sizeof length); break;
        case 2: m_encoder.fillBag(tokens, static_cast<float*>(to)); break;
        default: std::memcpy(to, &m_classes[sample], sizeof(std::int32_t));
        }
    }

    std::string sampleName(Split split, std::int64_t index) const override { return at(split, index).name; }
    std::string sampleText(Split split, std::int64_t index) const override { return at(split, index).text; }
    const TextEncoder* textEncoder() const override { return &m_encoder; }

    std::string fingerprint() const override
    {
        Fingerprint print;
        for (const LabelledText& text : m_texts) {
            print.add(text.text);
            print.add(text.label);
        }
        return print.text("text");
    }

private:
    const LabelledText& at(Split split, std::int64_t index) const { return m_texts[static_cast<std::size_t>(indexOf(split, index))]; }

    std::span<const std::int32_t> tokensAt(std::size_t sample) const
    {
        return std::span(m_tokens).subspan(m_starts[sample], m_starts[sample + 1] - m_starts[sample]);
    }

    void nameClasses(const DataSettings& settings)
    {
        for (const LabelledText& text : m_texts)
            m_classNames.push_back(text.label);
        std::sort(m_classNames.begin(), m_classNames.end());
        m_classNames.erase(std::unique(m_classNames.begin(), m_classNames.end()), m_classNames.end());
        sortClassNames(m_classNames);
        checkClasses(settings.path);
        if (m_classNames.size() > 1000 && m_classNames.size() > m_texts.size() / 2)
            throw Error(WEFT_TEXT("Data", "The label column of %1 holds %2 different texts in %3 rows. Choose another column with \"labelColumn\"."),
                        settings.path, m_classNames.size(), m_texts.size());
        std::unordered_map<std::string, std::int32_t> places;
        for (std::size_t i = 0; i < m_classNames.size(); ++i)
            places.emplace(m_classNames[i], static_cast<std::int32_t>(i));
        for (const LabelledText& text : m_texts)
            m_classes.push_back(places.at(text.label));
    }

    /// The vocabulary knows the training texts alone: what the others hold beyond them is unknown to the
    /// network as well.
    void learn(const DataSettings& settings)
    {
        const std::vector<std::string_view> training = viewsOf(m_texts, indices(Split::Train));
        TextSettings text = settings.text;
        if (settings.fitsTokens)
            text.tokens = fittingTokens(training);
        m_encoder = TextEncoder::learn(training, text);
    }

    void encodeAll()
    {
        std::int64_t cut = 0;
        for (const LabelledText& text : m_texts) {
            std::vector<std::int32_t> tokens = m_encoder.encode(text.text);
            // What consists of control characters alone still is a sample.
            if (tokens.empty())
                tokens.push_back(TextEncoder::unknown);
            cut += static_cast<std::int64_t>(tokens.size()) > m_encoder.settings().maxLength ? 1 : 0;
            m_starts.push_back(m_tokens.size());
            m_tokens.insert(m_tokens.end(), tokens.begin(), tokens.end());
        }
        m_starts.push_back(m_tokens.size());
        if (cut > 0)
            m_warnings.push_back({message(WEFT_TEXT("Data",
                                                    "%1 texts are longer than %2 tokens; sequences hold only their beginning. data.maxLength "
                                                    "sets the limit."),
                                          cut, m_encoder.settings().maxLength),
                                  cut});
    }

    std::vector<LabelledText> m_texts;
    std::vector<std::int32_t> m_classes; ///< of m_texts
    TextEncoder m_encoder;
    std::vector<std::int32_t> m_tokens; ///< of all texts, one after the other
    std::vector<std::size_t> m_starts; ///< of each text in m_tokens, and the end
};

/// A package of fortunes: the files that make its data set.
struct FortuneSet {
    const char* source;
    const char* package;
    std::vector<std::string> files;
    std::vector<std::string> classNames;
};

const FortuneSet& fortuneSet(const std::string& source)
{
    static const std::vector<FortuneSet> sets = {{"fortunes", "fortunes", {"sports", "art"}, {}},
                                                 {"fortunes-zh", "fortunes-zh", {"tang300", "song100", "chinese"}, {"tang", "other", "other"}}};
    return *std::find_if(sets.begin(), sets.end(), [&](const FortuneSet& set) { return set.source == source; });
}

} // namespace

std::string findFortunes(const std::string& source)
{
    const FortuneSet& set = fortuneSet(source);
    for (const QString& root : {qEnvironmentVariable("WEFT_DATA_DIR") + QStringLiteral("/fortunes"), QStringLiteral("/usr/share/games/fortunes")}) {
        const bool isWhole = std::all_of(set.files.begin(), set.files.end(), [&](const std::string& file) {
            return QFileInfo::exists(QDir(root).filePath(QString::fromStdString(file)));
        });
        if (isWhole)
            return root.toStdString();
    }
    return {};
}

std::unique_ptr<Dataset> openFortunes(const DataSettings& settings, const DataProgress& progress)
{
    const FortuneSet& set = fortuneSet(settings.source);
    DataSettings own = settings;
    if (own.path.empty())
        own.path = findFortunes(settings.source);
    if (own.path.empty())
        throw Error(WEFT_TEXT("Data", "The fortunes are not on this machine (looked in %1). Install the package: sudo apt install %2"),
                    "/usr/share/games/fortunes", set.package);
    if (own.files.empty()) {
        own.files = set.files;
        if (own.classNames.empty())
            own.classNames = set.classNames;
    }
    return std::make_unique<TextDataset>(own, progress);
}

std::unique_ptr<Dataset> openText(const DataSettings& settings, const DataProgress& progress)
{
    return std::make_unique<TextDataset>(settings, progress);
}

} // namespace weft
