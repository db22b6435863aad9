weft_test(formats_onnx_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/formats_onnx_test.cpp LIBS onnx)
target_compile_definitions(formats_onnx_test PRIVATE QT_NO_KEYWORDS)
