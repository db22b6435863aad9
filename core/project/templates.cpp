#include <algorithm>

#include <QFile>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/project/project.h"

// Makes sure that the linker keeps the resources of this room; must stand outside of namespaces.
static void initTemplates()
{
    Q_INIT_RESOURCE(templates);
}

namespace weft {

std::vector<TemplateInfo> projectTemplates()
{
    return {
        {"mlp", WEFT_TEXT("Template", "Multilayer perceptron"),
         WEFT_TEXT("Template", "Three fully connected layers that tell pieces of clothing apart: the smallest useful network.")},
        {"lenet", WEFT_TEXT("Template", "LeNet"),
         WEFT_TEXT("Template", "Two convolutions and two fully connected layers on Fashion-MNIST: about 91 % right after two minutes on a laptop.")},
        {"text-bow", WEFT_TEXT("Template", "Texts: bag of words"),
         WEFT_TEXT("Template", "The mean of the words' vectors tells the topic of a quotation: about 67 % right of four topics after seconds.")},
        {"text-lstm", WEFT_TEXT("Template", "Texts: LSTM"),
         WEFT_TEXT("Template", "Reads a text forwards and backwards, word by word, and remembers: for texts whose order counts.")},
        {"text-transformer", WEFT_TEXT("Template", "Texts: Transformer"),
         WEFT_TEXT("Template", "Two blocks in which every word looks at all others: for many texts, where it finds what bags of words miss.")},
    };
}

Project projectFromTemplate(const std::string& name)
{
    initTemplates();
    std::vector<std::string> names;
    for (const TemplateInfo& info : projectTemplates())
        names.push_back(info.name);
    QFile file(QStringLiteral(":/weft/templates/%1.weft").arg(QString::fromStdString(name)));
    if (std::find(names.begin(), names.end(), name) == names.end() || !file.open(QIODevice::ReadOnly)) {
        std::string list;
        for (const std::string& known : names)
            list += (list.empty() ? "" : ", ") + known;
        const std::string near = nearest(name, names);
        if (near.empty())
            throw Error(WEFT_TEXT("Template", "There is no template \"%1\". Templates: %2."), name, list);
        throw Error(WEFT_TEXT("Template", "There is no template \"%1\". Did you mean %3? Templates: %2."), name, list, near);
    }
    Project project = parseProject(file.readAll().toStdString(), name);
    project.id = newProjectId();
    return project;
}

} // namespace weft
