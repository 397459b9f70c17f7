package io.jenkins.plugins.gitops.core.render.patch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.resource.StrategicMergeSchema;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Merges two lists whose elements are identified by keys (or by their text, if they are scalars). New elements of the
 * patch come first. Follows kustomize exactly, even where it is surprising: with two keys, an element of the patch
 * without the second key does not match an element that has it.
 */
final class AssociativeListMerge {
    private final StrategicMerge merge;
    private final YamlValue target;
    private final YamlValue patch;
    private final StrategicMergeSchema schema;
    private final List<String> keys;
    private final YamlValue merged = YamlValue.list();
    private List<String> usedKeys = List.of();

    AssociativeListMerge(
            StrategicMerge merge, YamlValue target, @CheckForNull YamlValue patch, StrategicMergeSchema schema) {
        this.merge = merge;
        this.target = target;
        this.patch = patch;
        this.schema = schema;
        this.keys = schema.keys().isEmpty() ? List.of("") : schema.keys();
    }

    YamlValue merge() throws UserErrorException {
        checkElements(target);
        if (patch != null) {
            checkElements(patch);
        }
        UniqueKeyListMerge distinct = UniqueKeyListMerge.of(merge, target, patch, schema);
        if (distinct != null) {
            return distinct.merge();
        }
        List<List<String>> identities = new ArrayList<>(identities());
        if (identities.isEmpty()) {
            return target;
        }
        if (keys.size() > 1) {
            fillUp(identities);
        }
        Set<String> presentKeys = presentKeys(identities);
        for (List<String> identity : identities) {
            mergeElement(identity, presentKeys);
        }
        appendRest();
        return merged;
    }

    private void checkElements(YamlValue list) throws UserErrorException {
        for (YamlValue item : list.items()) {
            if (!item.isNull() && item.isScalar() != keys.get(0).isEmpty()) {
                throw merge.refuse(
                        item, "the elements of this list must be " + (item.isScalar() ? "maps" : "single values"));
            }
        }
    }

    /** The elements' identities, those of the patch first. */
    private Set<List<String>> identities() {
        Set<List<String>> identities = new LinkedHashSet<>();
        if (patch != null) {
            patch.items().forEach(item -> identities.add(identity(item)));
        }
        target.items().forEach(item -> identities.add(identity(item)));
        return identities;
    }

    private List<String> identity(YamlValue item) {
        if (keys.get(0).isEmpty()) {
            return List.of(item.text());
        }
        List<String> values = new ArrayList<>(keys.size());
        for (String key : keys) {
            YamlValue field = item.get(key);
            values.add(YamlValue.isNilOrEmpty(field) ? "" : field.text());
        }
        return values;
    }

    /**
     * Treats two identities that agree in all keys present in both as the same, and completes each with the values of
     * the other.
     */
    private static void fillUp(List<List<String>> identities) {
        for (int i = 0; i < identities.size(); i++) {
            List<String> first = identities.get(i);
            for (int j = 0; j < identities.size(); j++) {
                List<String> common = common(first, identities.get(j));
                if (common != null) {
                    identities.set(i, common);
                    identities.set(j, common);
                }
            }
        }
    }

    @CheckForNull
    private static List<String> common(List<String> first, List<String> second) {
        boolean agree = false;
        List<String> common = new ArrayList<>(first.size());
        for (int i = 0; i < first.size(); i++) {
            String one = first.get(i);
            String other = second.get(i);
            if (one.equals(other)) {
                agree = true;
                common.add(one);
            } else if (!one.isEmpty() && !other.isEmpty()) {
                return null;
            } else {
                common.add(one.isEmpty() ? other : one);
            }
        }
        return agree ? common : null;
    }

    /** The keys that any element has; all keys if no element has any. */
    private Set<String> presentKeys(List<List<String>> identities) {
        Set<String> present = new LinkedHashSet<>();
        for (List<String> identity : identities) {
            for (int i = 0; i < identity.size(); i++) {
                if (!identity.get(i).isEmpty()) {
                    present.add(keys.get(i));
                }
            }
        }
        return present;
    }

    private void mergeElement(List<String> identity, Set<String> presentKeys) throws UserErrorException {
        List<String> names = keys;
        List<String> values = identity;
        if (!presentKeys.isEmpty()) {
            names = keys.stream().filter(presentKeys::contains).toList();
            values = new ArrayList<>();
            for (int i = 0; i < identity.size(); i++) {
                if (!identity.get(i).isEmpty() || presentKeys.contains(keys.get(i))) {
                    values.add(identity.get(i));
                }
            }
        }
        usedKeys = names;
        YamlValue element = merge.merge(find(target, names, values), find(patch, names, values), schema.elements());
        if (element == null || element.isNull() || element.isEmptyMap()) {
            set(target, names, values, null);
            return;
        }
        for (int i = 0; i < names.size(); i++) {
            complete(element, names.get(i), values.get(i));
        }
        set(merged, names, values, element);
    }

    private static void complete(YamlValue element, String key, String value) {
        if (value.isEmpty() || element.get(key) != null) {
            return;
        }
        if (key.isEmpty()) {
            element.assign(YamlValue.untagged(value));
        } else if (element.isMap()) {
            element.set(key, YamlValue.untagged(value));
        }
    }

    /** The first element that has all the non-empty values. */
    @CheckForNull
    private YamlValue find(@CheckForNull YamlValue list, List<String> names, List<String> values) {
        if (list == null) {
            return null;
        }
        List<String> wantedNames = new ArrayList<>();
        List<String> wantedValues = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            if (!values.get(i).isEmpty()) {
                wantedNames.add(names.get(i));
                wantedValues.add(values.get(i));
            }
        }
        if (wantedNames.isEmpty()) {
            wantedNames = names;
            wantedValues = values;
        }
        for (YamlValue item : list.items()) {
            if (matches(item, wantedNames, wantedValues)) {
                return item;
            }
        }
        return null;
    }

    private static boolean matches(YamlValue item, List<String> names, List<String> values) {
        if (names.get(0).isEmpty()) {
            return item.text().equals(values.get(0));
        }
        for (int i = 0; i < names.size(); i++) {
            YamlValue field = item.get(names.get(i));
            if (field == null || !field.text().equals(values.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Appends the unmerged elements of the target; merged elements are at the position that they have in the patch. */
    private void appendRest() {
        for (YamlValue item : target.items()) {
            if (usedKeys.get(0).isEmpty()) {
                set(merged, usedKeys, List.of(item.text()), item);
                continue;
            }
            List<String> values = new ArrayList<>(usedKeys.size());
            for (String key : usedKeys) {
                YamlValue field = item.get(key);
                if (field == null) {
                    merged.items().add(item);
                } else {
                    values.add(field.text());
                }
            }
            if (usedKeys.size() > 1) {
                set(merged, usedKeys, values, null);
            }
            set(merged, usedKeys, values, item);
        }
    }

    /**
     * Replaces the matching elements, appends the element if there are none, or removes them if the element is null.
     */
    private static void set(YamlValue list, List<String> names, List<String> values, @CheckForNull YamlValue element) {
        boolean wantsMap =
                !names.get(0).isEmpty() && !values.isEmpty() && !values.get(0).isEmpty();
        boolean found = false;
        ArrayList<YamlValue> items = new ArrayList<>(list.items().size() + 1);
        for (YamlValue item : list.items()) {
            if (item.isNull() || item.isEmptyMap()) {
                continue;
            }
            if (!item.isMap() && wantsMap) {
                items.add(item);
            } else if (!isMeant(item, names, values)) {
                if (!values.isEmpty()) {
                    items.add(item);
                }
            } else {
                found = true;
                if (element != null) {
                    items.add(element);
                }
            }
        }
        if (!found && element != null && !element.isNull()) {
            items.add(element);
        }
        list.replaceItems(items);
    }

    /** An empty value matches any value, as long as the field exists. */
    private static boolean isMeant(YamlValue item, List<String> names, List<String> values) {
        boolean meant = false;
        for (int i = 0; i < names.size(); i++) {
            if (i < values.size()) {
                meant = hasValue(item, names.get(i), values.get(i));
            }
            if (!meant) {
                return false;
            }
        }
        return meant;
    }

    private static boolean hasValue(YamlValue item, String name, String value) {
        if (name.isEmpty()) {
            return item.text().equals(value);
        }
        YamlValue field = item.get(name);
        return field != null && (value.isEmpty() || field.text().equals(value));
    }
}
