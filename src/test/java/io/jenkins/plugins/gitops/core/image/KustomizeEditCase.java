package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A kustomization and images to set, generated from a seed, for {@code kustomize edit set image} and for
 * {@link ImageFile}.
 */
final class KustomizeEditCase {
    private static final List<String> TAGS =
            List.of("v2", "sha-0f0f0f0", "1.10", "1e3", "0777", "yes", "null", "2024-01-02", "0x1f", "12345678", "on");

    private static final List<String> OLD_TAGS = List.of("v1", "sha-a1b2c3d", "1.2.3", "1.10", "latest");

    private final Random random;
    private final String text;
    private final List<String> arguments = new ArrayList<>();
    private final List<ImageUpdateSpec> settings = new ArrayList<>();

    KustomizeEditCase(long seed) throws UserErrorException {
        random = new Random(seed);
        List<Map<String, Object>> images = new ArrayList<>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", "ghcr.io/myorg/app-" + i);
            if (random.nextInt(3) == 0) {
                entry.put("newName", "mirror/app-" + i);
            }
            if (random.nextInt(3) == 0) {
                entry.put("digest", digest(i));
            }
            if (!entry.containsKey("digest") || random.nextInt(3) == 0) {
                entry.put("newTag", OLD_TAGS.get(random.nextInt(OLD_TAGS.size())));
            }
            images.add(entry);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("resources", List.of("../../base"));
        if (!images.isEmpty()) {
            document.put("images", images);
        }
        document.put("namespace", "payments");
        text = new RandomYaml(random).text(List.of(document)).replace("\ufeff", "");
        for (int i = 0; i <= random.nextInt(2); i++) {
            ask(random.nextInt(count + 1), i);
        }
    }

    /** Requests an existing image or a new one, each at most once. */
    private void ask(int number, int round) throws UserErrorException {
        String key = "ghcr.io/myorg/app-" + (number + 10 * round);
        boolean rename = random.nextInt(3) == 0;
        String newName = "reg.example:5000/new/app-" + number;
        int version = random.nextInt(4);
        String tag = version == 0 ? null : TAGS.get(random.nextInt(TAGS.size()));
        String digest = version < 2 ? digest(9) : null;
        ImageReference image = new ImageReference(rename ? newName : key, tag, digest);
        settings.add(rename ? ImageUpdateSpec.of(key, image) : ImageUpdateSpec.of(image));
        String suffix = (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
        arguments.add(key + "=" + (rename ? newName : "*") + suffix);
    }

    private static String digest(int number) {
        return "sha256:" + String.valueOf(number).repeat(64);
    }

    String text() {
        return text;
    }

    /** Returns the arguments of {@code kustomize edit set image}. */
    List<String> arguments() {
        return arguments;
    }

    /** Returns the document after our edit. */
    Map<String, Object> edited() throws UserErrorException {
        ImageFile file = ImageFile.of("kustomization.yaml", ImageFile.DEFAULT_PATHS);
        return load(new String(file.set(text.getBytes(UTF_8), settings, true), UTF_8));
    }

    /** Parses a kustomization, with its images by name, since kustomize sorts them. */
    static Map<String, Object> load(String text) {
        Map<String, Object> loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        Map<String, Object> document = new TreeMap<>(loaded);
        document.put("images", images(document));
        return document;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> images(Map<String, Object> document) {
        return ((List<Map<String, Object>>) document.get("images"))
                .stream()
                        .<Map<String, Object>>map(TreeMap::new)
                        .sorted(Comparator.comparing(image -> (String) image.get("name")))
                        .toList();
    }
}
