<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>cli</name>
    <message numerus="yes">
        <source>%n core(s)</source>
        <translation>
            <numerusform>%n core</numerusform>
            <numerusform>%n cores</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::CanvasText</name>
    <message numerus="yes">
        <source>%n real step(s)</source>
        <translation>
            <numerusform>%n real step</numerusform>
            <numerusform>%n real steps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n value(s) are not finite.</source>
        <translation>
            <numerusform>%n value is not finite.</numerusform>
            <numerusform>%n values are not finite.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::CanvasView</name>
    <message numerus="yes">
        <source>Delete %n wire(s)</source>
        <translation>
            <numerusform>Delete wire</numerusform>
            <numerusform>Delete %n wires</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %n layer(s)</source>
        <translation>
            <numerusform>Delete layer</numerusform>
            <numerusform>Delete %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Paste %n layer(s)</source>
        <translation>
            <numerusform>Paste layer</numerusform>
            <numerusform>Paste %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Duplicate %n layer(s)</source>
        <translation>
            <numerusform>Duplicate layer</numerusform>
            <numerusform>Duplicate %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n layer(s)</source>
        <translation>
            <numerusform>Move layer</numerusform>
            <numerusform>Move %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Group %n layer(s)</source>
        <translation>
            <numerusform>Group %n layer</numerusform>
            <numerusform>Group %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Release to cut %n wire(s); Esc leaves them.</source>
        <translation>
            <numerusform>Release to cut the wire; Esc leaves it.</numerusform>
            <numerusform>Release to cut %n wires; Esc leaves them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cut %n wire(s)</source>
        <translation>
            <numerusform>Cut wire</numerusform>
            <numerusform>Cut %n wires</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n wire(s) cut.</source>
        <translation>
            <numerusform>1 wire cut.</numerusform>
            <numerusform>%n wires cut.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Use %n layer(s) again</source>
        <translation>
            <numerusform>Use layer again</numerusform>
            <numerusform>Use %n layers again</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Bypass %n layer(s)</source>
        <translation>
            <numerusform>Bypass layer</numerusform>
            <numerusform>Bypass %n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::FindingList</name>
    <message numerus="yes">
        <source>Not ready: %n thing(s) to mend.</source>
        <translation>
            <numerusform>Not ready: %n thing to mend.</numerusform>
            <numerusform>Not ready: %n things to mend.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::MainWindow</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::ProblemsPanel</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::PropertiesPanel</name>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::RunController</name>
    <message numerus="yes">
        <source>%n run(s) queued</source>
        <translation>
            <numerusform>%n run queued</numerusform>
            <numerusform>%n runs queued</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::StartPage</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::TargetButton</name>
    <message numerus="yes">
        <source>This CPU (%n core(s))</source>
        <translation>
            <numerusform>This CPU (%n core)</numerusform>
            <numerusform>This CPU (%n cores)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rank(s) on this CPU</source>
        <translation>
            <numerusform>%n rank on this CPU</numerusform>
            <numerusform>%n ranks on this CPU</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n replica(s) in one process</source>
        <translation>
            <numerusform>%n replica in one process</numerusform>
            <numerusform>%n replicas in one process</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::TargetForecast</name>
    <message numerus="yes">
        <source>≈ %1 an epoch · %n rank(s)</source>
        <translation>
            <numerusform>≈ %1 an epoch · %n rank</numerusform>
            <numerusform>≈ %1 an epoch · %n ranks</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>weft::TrainQuestion</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
</TS>
