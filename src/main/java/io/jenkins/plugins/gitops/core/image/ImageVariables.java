package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Variables such as {@code ${name}} and {@code ${name:=default}}, which Flux substitutes after the build. */
final class ImageVariables {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\s*([A-Za-z_][A-Za-z0-9_]{0,254})");

    private static final Pattern WHOLE = Pattern.compile("\\$\\{[^}]*}");
    /** Placeholder for a variable; does not occur in images. */
    private static final String ANY = "\n";

    private ImageVariables() {}

    static boolean isIn(@CheckForNull String text) {
        return text != null && VARIABLE.matcher(text).find();
    }

    /** Name of the first variable in a text that has one. */
    static String name(String text) {
        Matcher matcher = VARIABLE.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** Whether a text {@code name[:tag][@digest]} with variables may have this name. */
    static boolean canMatch(String text, String called) {
        String known = WHOLE.matcher(text).replaceAll(ANY);
        int digest = known.indexOf('@');
        String tagged = digest < 0 ? known : known.substring(0, digest);
        int tag = tagged.lastIndexOf(':');
        String name = tag > tagged.lastIndexOf('/') ? tagged.substring(0, tag) : tagged;
        String pattern = Pattern.quote(name).replace(ANY, "\\E.*\\Q");
        return Pattern.matches(pattern, called);
    }

    /** The parts with variables that the setting would overwrite; null when there are none. */
    @CheckForNull
    static String overwritten(@CheckForNull ImageReference image, ImageUpdateSpec setting) {
        if (image == null) {
            return null;
        }
        if (isIn(image.tag())) {
            return image.tag();
        }
        if (isIn(image.digest())) {
            return image.digest();
        }
        return setting.newName() != null && isIn(image.name()) ? image.name() : null;
    }
}
