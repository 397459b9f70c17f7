package io.jenkins.plugins.gitops.agent.cli;

import io.jenkins.plugins.gitops.core.delivery.SkippedPath;
import io.jenkins.plugins.gitops.core.delivery.TargetSurvey;
import io.jenkins.plugins.gitops.core.delivery.TargetSurvey.FoundTarget;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Formats a survey as text and as JSON. */
final class SurveyOutput {
    static final String INCOMPLETE = "Not all targets are listed; the others can still be changed by name";

    private SurveyOutput() {}

    /** One line per target followed by its details, then the skipped files. */
    static List<String> lines(TargetSurvey survey) {
        List<String> lines = new ArrayList<>();
        if (survey.targets().isEmpty()) {
            lines.add("No target was found. The command init proposes a gitops.yaml.");
        }
        for (FoundTarget target : survey.targets()) {
            lines.add(target.id() + ": "
                    + (target.files().isEmpty() ? target.path() : String.join(", ", target.files())));
            if (target.branch() != null) {
                lines.add("  branch: " + target.branch());
            }
            target.images().forEach(image -> lines.add("  image: " + image));
            lines.add("  rule: " + target.rule());
            if (target.problem() != null) {
                lines.add("  problem: " + target.problem());
            }
        }
        if (!survey.skipped().isEmpty()) {
            lines.add("");
            lines.add("Not targets:");
            survey.skipped().forEach(skipped -> lines.add("  " + skipped));
        }
        return lines.stream().map(SurveyOutput::line).toList();
    }

    /** Keeps the indentation. */
    private static String line(String text) {
        return (text.startsWith("  ") ? "  " : "") + TextSanitizer.line(text, 4 * TextSanitizer.MAX_LENGTH);
    }

    /** {@code targets}, {@code skipped}, {@code complete} and {@code problems}. */
    static Map<String, Object> json(TargetSurvey survey) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("targets", survey.targets().stream().map(SurveyOutput::json).toList());
        fields.put("skipped", survey.skipped().stream().map(SurveyOutput::json).toList());
        fields.put("complete", survey.complete());
        fields.put("problems", survey.problems());
        return fields;
    }

    private static Map<String, Object> json(FoundTarget target) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("application", target.application());
        fields.put("environment", target.environment());
        fields.put("path", target.path());
        fields.put("branch", target.branch());
        fields.put("files", target.files());
        fields.put("images", target.images());
        fields.put("rule", target.rule());
        fields.put("problem", target.problem());
        return fields;
    }

    private static Map<String, Object> json(SkippedPath skipped) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", skipped.path());
        fields.put("pattern", skipped.pattern());
        fields.put("application", skipped.application());
        fields.put("environment", skipped.environment());
        fields.put("reason", skipped.reason());
        fields.put("remedy", skipped.remedy());
        return fields;
    }
}
