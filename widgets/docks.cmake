# Sources of the panels around a run: training, data, predictions, runs.
set(WEFT_DOCKS_SOURCES
  run_controller.cpp run_controller_events.cpp run_controller_targets.cpp run_controller.h run_controller_private.h
  worker_client.cpp worker_client.h
  cluster/cluster_panel.cpp cluster/cluster_panel.h
  cluster/job_list.cpp cluster/job_list.h
  cluster/job_tree.cpp cluster/job_tree.h
  cluster/line_plot.cpp cluster/line_plot.h
  cluster/log_tail.cpp cluster/log_tail.h
  cluster/worker_stats.cpp cluster/worker_stats.h
  cluster/worker_timeline.cpp cluster/worker_timeline.h
  targets/job_keeper.cpp targets/job_keeper.h
  targets/job_text.cpp targets/job_text.h
  runs/event_feed.cpp runs/event_feed.h
  runs/launch.cpp runs/launch.h
  runs/program.cpp runs/program.h
  runs/log_panel.cpp runs/log_panel.h
  runs/run_list.cpp runs/run_list.h
  runs/runs_panel.cpp runs/runs_panel.h
  training/curves.cpp training/curves.h
  training/curve_plot.cpp training/curve_plot.h
  training/forecast_card.cpp training/forecast_card.h
  training/forecast_table.cpp training/forecast_table.h
  training/render.cpp training/render.h
  training/target_forecast.cpp training/target_forecast.h
  training/training_panel.cpp training/training_panel.h
  training/scaling_dialog.cpp training/scaling_dialog.h
  training/settings_form.cpp training/settings_form.h
  training/training_settings_panel.cpp training/training_settings_panel.h
  data/class_bars.cpp data/class_bars.h
  data/data_panel.cpp data/data_panel_samples.cpp data/data_panel.h
  data/sample_source.cpp data/sample_source.h
  data/shape_offer.cpp data/shape_offer.h
  data/tile_view.cpp data/tile_view.h
  predictions/confusion_matrix.cpp predictions/confusion_matrix.h
  predictions/drawing_pad.cpp predictions/drawing_pad.h
  predictions/evaluation.cpp predictions/evaluation.h
  predictions/predictions_panel.cpp predictions/predictions_panel.h
  predictions/sample_tile.cpp predictions/sample_tile.h
  predictions/try_pane.cpp predictions/try_pane.h
)
# QCustomPlot's header uses Qt's keywords, which the rest of the Studio does without.
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/training/curve_plot.cpp ${CMAKE_CURRENT_LIST_DIR}/cluster/line_plot.cpp PROPERTIES COMPILE_OPTIONS "-UQT_NO_KEYWORDS;-UQT_NO_FOREACH")
