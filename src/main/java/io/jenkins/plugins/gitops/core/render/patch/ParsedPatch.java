package io.jenkins.plugins.gitops.core.render.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.resource.ManifestReader;
import io.jenkins.plugins.gitops.core.render.yaml.TextOrigin;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValueParser;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValueParser.Dialect;
import java.util.List;

/**
 * A parsed patch: either strategic merge patches or one JSON patch.
 *
 * @param strategic the strategic merge patches; empty for a JSON patch
 * @param json null for strategic merge patches
 */
record ParsedPatch(List<YamlValue> strategic, @CheckForNull JsonPatch json) {
    private static final ObjectReader STRICT_JSON =
            new ObjectMapper().readerFor(Object.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    static ParsedPatch read(TextOrigin origin, String text) throws UserErrorException {
        boolean asJson = text.startsWith("[");
        if (asJson) {
            checkJson(origin, text);
        }
        List<YamlValue> documents = YamlValueParser.parse(origin, Dialect.MANIFEST, text);
        boolean list = !documents.isEmpty() && documents.get(0).isList();
        if (!list) {
            return new ParsedPatch(ManifestReader.resources(documents, origin), null);
        }
        if (documents.size() > 1) {
            throw new UserErrorException(
                    documents.get(1).location(origin.at(0, 0)),
                    "kustomize ignores what follows a JSON patch",
                    "Put it into a separate patch");
        }
        YamlValue operations = asJson
                ? documents.get(0)
                : YamlValueParser.parse(origin, Dialect.YAML_11, text).get(0);
        return new ParsedPatch(List.of(), JsonPatch.read(operations, origin.at(0, 0)));
    }

    /** A text that starts with a bracket must be valid JSON for kustomize, not only YAML. */
    private static void checkJson(TextOrigin origin, String text) throws UserErrorException {
        try {
            STRICT_JSON.readValue(text);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr() - 1);
            int column =
                    e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getColumnNr() - 1);
            SourceLocation at = origin.at(line, column);
            throw new UserErrorException(
                            at,
                            "a patch that begins with [ must be JSON, and this is not",
                            "Write it as JSON, or begin each operation with a dash")
                    .causedBy(e);
        }
    }
}
