package io.jenkins.plugins.gitops.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.ImageChange;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Formats standard output, and writes progress to standard error. */
final class CommandOutput {
    private CommandOutput() {}

    /** Maps, lists and scalars as indented JSON. */
    static String json(Object value) {
        try {
            return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes one line about what the caller is waiting for. */
    static void progress(CommandLine command, String line) {
        command.getErr().println(TextSanitizer.line(line));
        command.getErr().flush();
    }

    /** {@code from} and {@code to} of each image; null if there is none. */
    static List<Map<String, String>> images(List<ImageChange> changes) {
        List<Map<String, String>> images = new ArrayList<>();
        for (ImageChange change : changes) {
            Map<String, String> image = new LinkedHashMap<>();
            image.put("from", text(change.from()));
            image.put("to", text(change.to()));
            images.add(image);
        }
        return images;
    }

    /** The change as one line. */
    static String line(ImageChange change) {
        String from = change.from() == null ? "(none)" : change.from().toString();
        return from + " -> " + (change.to() == null ? "(none)" : change.to().toString());
    }

    @CheckForNull
    private static String text(@CheckForNull ImageReference image) {
        return image == null ? null : image.toString();
    }
}
