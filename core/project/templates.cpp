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
         WEFT_TEXT("Template", "Three fully connected layers that tell pieces of clothing apart: the smallest useful network."),
         WEFT_TEXT("Template", "Fashion-MNIST: a first network, seconds an epoch.")},
        {"lenet", WEFT_TEXT("Template", "LeNet"),
         WEFT_TEXT("Template", "Two convolutions and two fully connected layers on Fashion-MNIST: about 91 % right after two minutes on a laptop."),
         WEFT_TEXT("Template", "Fashion-MNIST: about 91 % right after 5 epochs.")},
        {"alexnet", WEFT_TEXT("Template", "AlexNet"),
         WEFT_TEXT("Template", "The network that began deep learning on photographs: 61 million parameters, most of them in three dense layers."),
         WEFT_TEXT("Template", "Pictures of 224 x 224. Wants dropout and patience.")},
        {"vgg16", WEFT_TEXT("Template", "VGG-16"),
         WEFT_TEXT("Template", "Thirteen 3 x 3 convolutions and three dense layers: plain, large (138 million parameters) and slow."),
         WEFT_TEXT("Template", "Pictures of 224 x 224. Slow: start with a small learning rate.")},
        {"resnet18", WEFT_TEXT("Template", "ResNet-18"),
         WEFT_TEXT("Template", "Residual blocks that let gradients pass: 11.7 million parameters, the usual first choice for pictures."),
         WEFT_TEXT("Template", "Pictures of 224 x 224. The first to try.")},
        {"resnet50", WEFT_TEXT("Template", "ResNet-50"),
         WEFT_TEXT("Template", "Residual blocks with bottlenecks: 25.6 million parameters, more accurate than ResNet-18 and twice as costly."),
         WEFT_TEXT("Template", "Pictures of 224 x 224. Better than ResNet-18 and twice as costly.")},
        {"inception-v3", WEFT_TEXT("Template", "Inception v3"),
         WEFT_TEXT("Template",
                   "Windows of several sizes side by side for pictures of 299 x 299, with the auxiliary head that helps training: 27.2 million "
                   "parameters."),
         WEFT_TEXT("Template", "Pictures of 299 x 299. The auxiliary head trains with weight 0.4 and is left out afterwards.")},
        {"inception-v3-no-aux", WEFT_TEXT("Template", "Inception v3 without auxiliary head"),
         WEFT_TEXT("Template", "The same with one loss only: 23.8 million parameters and 5.7 billion multiply-adds a picture."),
         WEFT_TEXT("Template", "Pictures of 299 x 299, with one loss.")},
        {"mobilenet-v2", WEFT_TEXT("Template", "MobileNet v2"),
         WEFT_TEXT("Template", "Depthwise convolutions for phones: 3.5 million parameters and 0.3 billion multiply-adds a picture."),
         WEFT_TEXT("Template", "Pictures of 224 x 224. Small and quick at inference.")},
        {"densenet121", WEFT_TEXT("Template", "DenseNet-121"),
         WEFT_TEXT("Template", "Every layer sees all before it: 8 million parameters, sparing with weights and hungry for memory."),
         WEFT_TEXT("Template", "Pictures of 224 x 224. Few weights, much memory.")},
        {"unet", WEFT_TEXT("Template", "U-Net"),
         WEFT_TEXT("Template", "Says for each pixel whether it belongs to the thing: down, up again, and joined at each size."),
         WEFT_TEXT("Template", "A mask for pictures of 128 x 128; generated samples show it.")},
        {"autoencoder", WEFT_TEXT("Template", "Autoencoder"),
         WEFT_TEXT("Template", "Squeezes Fashion-MNIST pictures into 32 numbers and draws them again."),
         WEFT_TEXT("Template", "Fashion-MNIST: draws its input again from 32 numbers.")},
        {"variational-autoencoder", WEFT_TEXT("Template", "Variational autoencoder"),
         WEFT_TEXT("Template", "An autoencoder whose 20 numbers follow the normal distribution, so that new pictures can be drawn from it."),
         WEFT_TEXT("Template", "Fashion-MNIST: 20 numbers near the normal distribution.")},
        {"vit-tiny", WEFT_TEXT("Template", "Vision Transformer"),
         WEFT_TEXT("Template",
                   "ViT-Tiny: pictures cut into patches of 16 x 16 that attend to each other: 5.7 million parameters, many pictures wanted."),
         WEFT_TEXT("Template", "Pictures of 224 x 224. Wants many of them.")},
        {"tabular-mlp", WEFT_TEXT("Template", "Table"),
         WEFT_TEXT("Template", "Three dense layers for rows of numbers; choose your CSV file in place of the generated rows."),
         WEFT_TEXT("Template", "Rows of 16 numbers in 4 classes; generated samples show it.")},
        {"text-bow", WEFT_TEXT("Template", "Texts: bag of words"),
         WEFT_TEXT("Template", "The mean of the words' vectors tells the topic of a quotation: about 67 % right of four topics after seconds."),
         WEFT_TEXT("Template", "2,843 quotations of four topics: about 67 % right after seconds.")},
        {"text-lstm", WEFT_TEXT("Template", "Texts: LSTM"),
         WEFT_TEXT("Template", "Reads a text forwards and backwards, word by word, and remembers: for texts whose order counts."),
         WEFT_TEXT("Template", "2,843 quotations of four topics: about 61 % right after a minute.")},
        {"text-transformer", WEFT_TEXT("Template", "Texts: Transformer"),
         WEFT_TEXT("Template", "Two blocks in which every word looks at all others: for many texts, where it finds what bags of words miss."),
         WEFT_TEXT("Template", "2,843 quotations of four topics: about 59 % right after a minute.")},
        {"time-series-gru", WEFT_TEXT("Template", "Time series: GRU"),
         WEFT_TEXT("Template", "Reads 48 steps of three measured values and says what comes next: forecasts from waves hidden in noise."),
         WEFT_TEXT("Template", "Three measured values over 48 steps; generated samples show it: R² about 0.97.")},
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
