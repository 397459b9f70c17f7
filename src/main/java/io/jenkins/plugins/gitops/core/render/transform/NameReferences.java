package io.jenkins.plugins.gitops.core.render.transform;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.resource.FieldPath;
import io.jenkins.plugins.gitops.core.render.resource.FieldSpecs;
import io.jenkins.plugins.gitops.core.render.resource.FieldSpecs.NameReference;
import io.jenkins.plugins.gitops.core.render.resource.Gvk;
import io.jenkins.plugins.gitops.core.render.resource.Resource;
import io.jenkins.plugins.gitops.core.render.resource.ResourceId;
import io.jenkins.plugins.gitops.core.render.resource.ResourceList;
import io.jenkins.plugins.gitops.core.render.yaml.JavaValues;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Updates the references to renamed resources, in all resources. */
public final class NameReferences {
    private final List<Resource> resources;
    private final Map<String, List<Resource>> byPreviousName = new HashMap<>();

    private NameReferences(List<Resource> resources) {
        this.resources = resources;
        for (Resource resource : resources) {
            Set<String> names = new LinkedHashSet<>();
            resource.previousIds().forEach(id -> names.add(id.name()));
            names.forEach(name -> byPreviousName
                    .computeIfAbsent(name, any -> new ArrayList<>(1))
                    .add(resource));
        }
    }

    public static void update(ResourceList list) throws UserErrorException {
        NameReferences references = new NameReferences(list.resources());
        for (Resource resource : list.resources()) {
            references.new Referrer(resource).update();
        }
    }

    /** A resource and the resources that it may refer to. */
    private final class Referrer {
        private final Resource resource;
        private final ResourceId id;
        private final Set<String> subjectNamespaces;
        private NameReference reference;

        Referrer(Resource resource) throws UserErrorException {
            this.resource = resource;
            this.id = resource.id();
            this.subjectNamespaces = subjectNamespaces(resource);
        }

        void update() throws UserErrorException {
            Gvk original = resource.originalId().gvk();
            for (NameReference candidate : FieldSpecs.NAME_REFERENCES) {
                if (candidate.field().gvk().selects(original)) {
                    reference = candidate;
                    FieldPath.visit(candidate.field(), resource.root(), resource.location(), this::update);
                }
            }
        }

        private void update(YamlValue yamlValue) throws UserErrorException {
            if (yamlValue.isNull()) {
                return;
            }
            switch (yamlValue.kind()) {
                case SCALAR -> updateScalar(yamlValue);
                case MAP -> updateMap(yamlValue);
                case LIST -> {
                    for (YamlValue item : yamlValue.items()) {
                        if (item.isScalar() && !item.isNull()) {
                            updateScalar(item);
                        } else if (item.isMap()) {
                            updateMap(item);
                        } else if (item.isList()) {
                            throw refuse(item, "a reference must be a string or a map");
                        }
                    }
                }
            }
        }

        private void updateScalar(YamlValue yamlValue) throws UserErrorException {
            Resource target = select(yamlValue.text(), yamlValue, any -> true, false);
            if (target != null && !target.name().equals(yamlValue.text())) {
                yamlValue.assign(YamlValue.untagged(target.name()));
            }
        }

        /** Updates name and namespace together. */
        private void updateMap(YamlValue map) throws UserErrorException {
            YamlValue name = map.get("name");
            if (name == null) {
                throw refuse(map, "the reference has no name");
            }
            Resource target = select(name.text(), map, inNamespaceOf(map), true);
            if (target == null
                    || target.name().equals(name.text()) && target.namespace().isEmpty()) {
                return;
            }
            map.set("name", YamlValue.untagged(target.name()));
            if (!target.namespace().isEmpty()) {
                map.set("namespace", YamlValue.untagged(target.namespace()));
            }
        }

        private UserErrorException refuse(YamlValue yamlValue, String what) {
            return new UserErrorException(yamlValue.location(resource.location()), what, "Correct the reference");
        }

        private Predicate<Resource> inNamespaceOf(YamlValue map) {
            YamlValue field = map.get("namespace");
            if (field == null) {
                return any -> true;
            }
            String namespace = field.text();
            boolean original = resources.stream()
                    .anyMatch(candidate -> isReachable(candidate) && isOriginallyIn(candidate, namespace));
            return original
                    ? candidate -> isOriginallyIn(candidate, namespace)
                    : candidate -> !candidate.id().clusterScoped()
                            && candidate.id().effectiveNamespace().equals(namespace);
        }

        private static boolean isOriginallyIn(Resource candidate, String namespace) {
            return candidate.originalId().effectiveNamespace().equals(namespace);
        }

        @CheckForNull
        private Resource select(String oldName, YamlValue place, Predicate<Resource> inScope, boolean withNamespace)
                throws UserErrorException {
            Gvk role = role();
            List<Resource> candidates = new ArrayList<>();
            for (Resource candidate : byPreviousName.getOrDefault(oldName, List.of())) {
                if (inScope.test(candidate)
                        && isReachable(candidate)
                        && hadType(candidate, reference.target())
                        && (role == null || hadType(candidate, role))
                        && isInSameNamespace(candidate)) {
                    candidates.add(candidate);
                }
            }
            if (candidates.size() == 1) {
                return candidates.get(0);
            }
            candidates.removeIf(candidate -> !sameAffixes(candidate, true));
            if (candidates.size() > 1) {
                candidates.removeIf(candidate -> !sameAffixes(candidate, false));
            }
            if (candidates.isEmpty()) {
                return null;
            }
            checkUnambiguous(candidates, oldName, place, withNamespace);
            return candidates.get(0);
        }

        private void checkUnambiguous(List<Resource> candidates, String oldName, YamlValue place, boolean withNamespace)
                throws UserErrorException {
            Set<String> targets = new HashSet<>();
            for (Resource candidate : candidates) {
                targets.add(candidate.name() + (withNamespace ? " " + candidate.namespace() : ""));
            }
            if (targets.size() > 1) {
                throw new UserErrorException(
                        place.location(resource.location()),
                        oldName + " may refer to " + candidates.get(0) + " or to " + candidates.get(1),
                        "Give the two different names");
            }
        }

        /** The kind that a role binding refers to; null if any kind matches. */
        @CheckForNull
        private Gvk role() {
            if (!reference.field().path().endsWith("roleRef/name")) {
                return null;
            }
            YamlValue roleRef = resource.root().get("roleRef");
            return roleRef == null || roleRef.get("apiGroup") == null || roleRef.get("kind") == null
                    ? null
                    : new Gvk(roleRef.textOf("apiGroup"), "", roleRef.textOf("kind"));
        }

        private boolean isReachable(Resource candidate) {
            ResourceId other = candidate.id();
            return id.clusterScoped()
                    || other.clusterScoped()
                    || other.sameNamespace(id)
                    || subjectNamespaces.contains(candidate.namespace());
        }

        private boolean isInSameNamespace(Resource candidate) {
            ResourceId other = candidate.id();
            return id.clusterScoped()
                    || other.clusterScoped()
                    || candidate.kind().equals("ServiceAccount")
                    || id.sameNamespace(other);
        }

        private boolean sameAffixes(Resource candidate, boolean orNone) {
            return sameEnd(candidate.namePrefixes(), resource.namePrefixes(), orNone)
                    && sameEnd(candidate.nameSuffixes(), resource.nameSuffixes(), orNone);
        }
    }

    private static boolean hadType(Resource candidate, Gvk selector) {
        return candidate.previousIds().stream().anyMatch(id -> selector.selects(id.gvk()));
    }

    /** Whether the shorter list is a suffix of the longer one. */
    private static boolean sameEnd(List<String> first, List<String> second, boolean orNone) {
        int length = Math.min(first.size(), second.size());
        if (length == 0) {
            return orNone || first.size() == second.size();
        }
        return first.subList(first.size() - length, first.size())
                .equals(second.subList(second.size() - length, second.size()));
    }

    /** A role binding may refer to service accounts in other namespaces. */
    private static Set<String> subjectNamespaces(Resource resource) throws UserErrorException {
        Set<String> namespaces = new HashSet<>();
        YamlValue subjects =
                resource.kind().equals("RoleBinding") ? resource.root().get("subjects") : null;
        if (subjects != null) {
            for (YamlValue subject : subjects.items()) {
                YamlValue namespace = subject.get("namespace");
                YamlValue kind = subject.get("kind");
                if (namespace == null || kind == null) {
                    continue;
                }
                if (!(JavaValues.of(kind) instanceof String) || !(JavaValues.of(namespace) instanceof String)) {
                    throw new UserErrorException(
                            subject.location(resource.location()),
                            "kind and namespace of a subject must be strings",
                            "Write them in quotes");
                }
                if (kind.text().equals("ServiceAccount")) {
                    namespaces.add(namespace.text());
                }
            }
        }
        return namespaces;
    }
}
