package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.Test;

/** In random trees with random patterns, a target is the same in the list, by its name and by its files. */
public class LayoutPropertyTest {
    private static final String IMAGES = "images: [{name: a/b, newTag: v1}]\n";
    private static final List<String> LITERALS = List.of("apps", "envs", "x");
    private static final List<String> SEGMENTS = List.of(
            "{app}",
            "{env}",
            "{stage}",
            "{region}",
            "{app}-{env}",
            "v-{env}",
            "{app}_{stage}",
            "{stage}-{region}",
            "{team}");
    private static final List<String> FILES = List.of(
            "{app}.yaml", "{env}.yaml", "values-{env}.yaml", "{app}-{env}.yaml", "image.yaml", "{app}/{env}.yaml");
    private static final List<String> NAMES =
            List.of("dev", "prod", "web", "my-web", "a_b", "QA", "web-dev", "_base", "apps", "v-dev", ".x", "e-u");

    private final Random random = new Random(20240229);
    private int targets;
    private int ambiguous;

    @Test(timeout = 600_000)
    public void listNameAndFilesAgree() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            String policy = policy();
            InMemoryFileTree tree = new InMemoryFileTree();
            List<String> files = files(tree, policy);
            try {
                Delivery delivery = Delivery.load(tree.with(Delivery.FILE, policy));
                check(policy + String.join("\n", files), delivery, files);
            } catch (UserErrorException rejected) {
                assertThat(rejected.getMessage(), rejected.getMessage().startsWith("gitops.yaml:"), is(true));
            }
        }
        assertThat("there was something to compare", targets, greaterThan(500));
        assertThat("and to be careful with", ambiguous, greaterThan(10));
    }

    private void check(String what, Delivery delivery, List<String> files) throws Exception {
        Map<String, Target> listed = new TreeMap<>();
        delivery.targets().forEach(target -> listed.put(target.id(), target));
        targets += listed.size();
        for (Target target : listed.values()) {
            String file = target.imageFile() == null ? target.path() + "/kustomization.yaml" : target.imageFile();
            assertThat(what + "\nfile " + file, ids(delivery.fileTargets(file)).contains(target.id()), is(true));
        }
        for (String file : files) {
            for (Target target : delivery.fileTargets(file)) {
                assertThat(what + "\nlisted " + target, listed.containsKey(target.id()), is(true));
            }
        }
        for (SkippedPath skipped : delivery.skipped()) {
            ambiguous += skipped.reason().startsWith("can be read") ? 1 : 0;
            assertThat(what + "\n" + skipped, skipped.remedy().isEmpty(), is(false));
        }
        Set<String> apps = new HashSet<>(NAMES);
        Set<String> envs = new HashSet<>(NAMES);
        for (Target target : listed.values()) {
            apps.add(target.application());
            envs.add(target.environment());
        }
        for (String app : apps) {
            for (String env : envs) {
                Target found = byName(delivery, app, env);
                Target expected = listed.get(app + "/" + env);
                boolean refused = found == null && expected != null && isInSeveralPlaces(delivery, app, env);
                assertThat(what + "\nname " + app + "/" + env, found, is(refused ? null : expected));
            }
        }
    }

    private static Target byName(Delivery delivery, String app, String env) throws Exception {
        try {
            return delivery.target(app, env);
        } catch (UserErrorException none) {
            return null;
        }
    }

    private static boolean isInSeveralPlaces(Delivery delivery, String app, String env) throws Exception {
        try {
            delivery.target(app, env);
            return false;
        } catch (UserErrorException e) {
            return e.getMessage().contains("Two places match");
        }
    }

    private static Set<String> ids(List<Target> targets) {
        return targets.stream().map(Target::id).collect(Collectors.toSet());
    }

    private String policy() {
        StringBuilder text =
                new StringBuilder("apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\napplications:\n");
        int patterns = 1 + random.nextInt(2);
        for (int i = 0; i < patterns; i++) {
            List<String> path = new ArrayList<>();
            int length = 1 + random.nextInt(4);
            for (int k = 0; k < length; k++) {
                path.add(one(random.nextInt(3) == 0 ? LITERALS : SEGMENTS));
            }
            text.append("- path: '").append(mangled(String.join("/", path))).append("'\n");
            if (random.nextInt(2) == 0) {
                text.append("  imageFile: '").append(one(FILES)).append("'\n");
            }
            if (random.nextInt(4) == 0) {
                text.append("  application: '")
                        .append(one(List.of("web", "{team}-{app}", "{app}")))
                        .append("'\n");
            }
            if (random.nextInt(4) == 0) {
                text.append("  environment: '")
                        .append(one(List.of("dev", "{stage}-{region}", "{stage}", "{env}")))
                        .append("'\n");
            }
        }
        if (random.nextBoolean()) {
            text.append(
                    "environments: [{name: dev}, {name: production, folder: prod}, {name: web-dev}, {name: dev-e}]\n");
        }
        return text.toString();
    }

    /** Returns the path, sometimes with one character added or removed. */
    private String mangled(String path) {
        int at = random.nextInt(path.length());
        return switch (random.nextInt(20)) {
            case 0 -> path.substring(0, at) + path.substring(at + 1);
            case 1 -> path.substring(0, at) + "{}/*-.".charAt(random.nextInt(6)) + path.substring(at);
            default -> path;
        };
    }

    /** Returns files that match the paths of a policy, and some that nearly do. */
    private List<String> files(InMemoryFileTree tree, String policy) {
        List<String> files = new ArrayList<>();
        String path = "";
        for (String line : policy.split("\n")) {
            if (line.startsWith("- path: ")) {
                path = line.substring(9, line.length() - 1);
                add(files, path + "/kustomization.yaml");
            } else if (line.startsWith("  imageFile: ")) {
                add(files, path + "/" + line.substring(14, line.length() - 1));
            }
        }
        List<String> usable = files.stream()
                .filter(file -> !file.contains("//") && !file.startsWith("/"))
                .distinct()
                .toList();
        Set<String> folders = new HashSet<>();
        List<String> kept = new ArrayList<>();
        for (String file : usable) {
            boolean clash = usable.stream().anyMatch(other -> other.startsWith(file + "/"));
            if (!clash && folders.add(file)) {
                tree.with(file, IMAGES);
                kept.add(file);
            }
        }
        return kept;
    }

    private void add(List<String> files, String template) {
        for (int i = 0; i < 5; i++) {
            String file = template;
            for (String placeholder : List.of("app", "env", "stage", "region", "team")) {
                file = file.replace("{" + placeholder + "}", one(NAMES));
            }
            files.add(file);
        }
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
