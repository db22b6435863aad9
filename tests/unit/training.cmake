weft_test(training_checkpoint_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/training_checkpoint_test.cpp)
weft_test(training_run_folder_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/training_run_folder_test.cpp)
