# Tests of the Studio's shell: document, canvas, properties, window.
foreach(name widgets_document widgets_canvas widgets_edits widgets_blocks widgets_hands widgets_gestures widgets_bends widgets_print widgets_figures widgets_insight widgets_problems widgets_random widgets_properties studio_window studio_accidents)
  weft_test(${name}_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/${name}_test.cpp LIBS weft_widgets)
endforeach()
