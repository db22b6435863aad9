weft_test(layers_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/layers_test.cpp)
weft_test(layers_losses_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/layers_losses_test.cpp)
weft_test(layers_sequence_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/layers_sequence_test.cpp)
weft_test(layers_values_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/layers_values_test.cpp)
weft_test(layers_training_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/layers_training_test.cpp)
# Qt's macro `slots` would change the optimizers' slots.
target_compile_definitions(layers_training_test PRIVATE QT_NO_KEYWORDS)
