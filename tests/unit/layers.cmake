weft_test(layers_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/layers_test.cpp)
weft_test(layers_losses_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/layers_losses_test.cpp)
weft_test(layers_sequence_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/layers_sequence_test.cpp)
weft_test(layers_values_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/layers_values_test.cpp)
