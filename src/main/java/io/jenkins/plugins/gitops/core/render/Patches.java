package io.jenkins.plugins.gitops.core.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.render.NodeParser.Dialect;
import java.util.List;

/**
 * The text of a patch: either strategic merge patches or one JSON patch.
 *
 * @param strategic the strategic merge patches; none when it is a JSON patch
 * @param json null when it is none
 */
record Patches(List<Node> strategic, @CheckForNull JsonPatch json) {
    private static final ObjectReader STRICT_JSON =
            new ObjectMapper().readerFor(Object.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    static Patches read(Origin origin, String text) throws RefusedException {
        boolean asJson = text.startsWith("[");
        if (asJson) {
            checkJson(origin, text);
        }
        List<Node> documents = NodeParser.parse(origin, Dialect.MANIFEST, text);
        boolean list = !documents.isEmpty() && documents.get(0).isList();
        if (!list) {
            return new Patches(Manifests.resources(documents, origin), null);
        }
        if (documents.size() > 1) {
            throw new RefusedException(
                    documents.get(1).location(origin.at(0, 0)),
                    "kustomize ignores what follows a JSON patch",
                    "Put it into a patch of its own");
        }
        Node operations = asJson
                ? documents.get(0)
                : NodeParser.parse(origin, Dialect.YAML_11, text).get(0);
        return new Patches(List.of(), JsonPatch.read(operations, origin.at(0, 0)));
    }

    /** What begins with a bracket must be JSON to kustomize, not only YAML. */
    private static void checkJson(Origin origin, String text) throws RefusedException {
        try {
            STRICT_JSON.readValue(text);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr() - 1);
            int column =
                    e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getColumnNr() - 1);
            SourceLocation at = origin.at(line, column);
            throw new RefusedException(
                            at,
                            "a patch that begins with [ must be JSON, and this is not",
                            "Write it as JSON, or begin each operation with a dash")
                    .causedBy(e);
        }
    }
}
